package dev.weir.sim;

import dev.weir.flow.Credit;
import java.util.ArrayDeque;

/// A core's store: whatever has arrived when a commit ends is committed together next, and each
/// commit sends one ack with its time, the newest message's wait, and fresh credit.
final class SimStore {
  /// What the log writes in one go.
  private static final long GROUP_BYTES = 4L << 20;

  /// What a core lends to a single stream.
  static final long CREDIT_BYTES = 16L << 20;

  /// An answer on its way to the sender.
  record Answer(
      long nanos, long next, long commitMicros, long queueMicros, long creditLimitBytes) {}

  private final PathProfile profile;
  private final Draws draws;
  private final FlightRing flight;
  private final Credit credit = new Credit(CREDIT_BYTES);
  private final ArrayDeque<Answer> answers = new ArrayDeque<>();
  private long arrivedCount;
  private long committingCount;
  private long committedCount;
  private long groupBytes;
  private long beganNanos;
  private long endNanos = Long.MAX_VALUE;
  private boolean isPaused;

  SimStore(PathProfile profile, Draws draws, FlightRing flight) {
    this.profile = profile;
    this.draws = draws;
    this.flight = flight;
  }

  long firstCreditBytes() {
    return credit.grant();
  }

  long arrivedCount() {
    return arrivedCount;
  }

  /// When the running commit ends; [Long#MAX_VALUE] when none runs.
  long endNanos() {
    return endNanos;
  }

  ArrayDeque<Answer> answers() {
    return answers;
  }

  void onArrival(long nowNanos) {
    credit.onReceived(flight.bytes(arrivedCount));
    arrivedCount++;
    if (endNanos == Long.MAX_VALUE) {
      begin(nowNanos);
    }
  }

  private void begin(long nowNanos) {
    groupBytes = 0;
    while (committingCount < arrivedCount && groupBytes < GROUP_BYTES) {
      groupBytes += flight.bytes(committingCount++);
    }
    beganNanos = nowNanos;
    endNanos = nowNanos + draws.commitNanos(profile.commitMillis());
  }

  void onCommitted(long nowNanos) {
    credit.onReleased(groupBytes);
    committedCount = committingCount;
    long waited = beganNanos - flight.arrivalNanos(committedCount - 1);
    answers.add(
        new Answer(
            nowNanos + profile.oneWayNanos(),
            committedCount,
            (nowNanos - beganNanos) / 1_000,
            waited / 1_000,
            grant()));
    endNanos = Long.MAX_VALUE;
    if (committingCount < arrivedCount) {
      begin(nowNanos);
    }
  }

  private long grant() {
    isPaused = isPaused ? !credit.isLow() : credit.isHigh();
    return isPaused || !credit.isGrantDue() ? 0 : credit.grant();
  }
}
