package dev.weir.testkit;

import dev.weir.base.Checks;
import dev.weir.base.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that moves only when a test moves it. Any thread may read and step it.
///
/// The monotonic and the wall reading move together with [#advance]; [#jumpWall] moves the wall
/// reading alone, in either direction, as a corrected machine clock does.
public final class ManualClock implements Clock {
  /// 2026-01-01T00:00:00Z, so that printed times look like times.
  private static final long DEFAULT_EPOCH_MICROS = 1_767_225_600_000_000L;

  private final AtomicLong monotonicNanos = new AtomicLong(1_000_000_000L);
  private final AtomicLong wallMinusMonotonicNanos = new AtomicLong();
  private final long startEpochMicros;

  public ManualClock() {
    this(DEFAULT_EPOCH_MICROS);
  }

  /// A clock whose wall reading starts at a time in microseconds since 1970.
  public ManualClock(long startEpochMicros) {
    this.startEpochMicros = startEpochMicros;
  }

  @Override
  public long nanoTime() {
    return monotonicNanos.get();
  }

  @Override
  public long epochMicros() {
    long elapsedNanos = monotonicNanos.get() - 1_000_000_000L + wallMinusMonotonicNanos.get();
    return startEpochMicros + Math.floorDiv(elapsedNanos, 1_000L);
  }

  /// 20 ms: threads see a step soon, and are not busy with looking.
  @Override
  public long maxSleepNanos() {
    return 20_000_000L;
  }

  /// Moves both readings forward.
  public void advance(Duration step) {
    advanceNanos(step.toNanos());
  }

  /// Moves both readings forward by milliseconds.
  public void advanceMillis(long stepMillis) {
    advanceNanos(Math.multiplyExact(stepMillis, 1_000_000L));
  }

  /// Moves both readings forward by nanoseconds.
  public void advanceNanos(long stepNanos) {
    Checks.range("stepNanos", stepNanos, 0, Long.MAX_VALUE);
    monotonicNanos.addAndGet(stepNanos);
  }

  /// Moves only the wall reading, forward or back.
  public void jumpWall(Duration step) {
    wallMinusMonotonicNanos.addAndGet(step.toNanos());
  }
}
