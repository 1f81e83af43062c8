package dev.weir.flow;

import java.util.random.RandomGenerator;

/// The waits between a sender's connections: [ReconnectMachine] with its numbers.
///
/// The attempt counter grows with every failure and is forgotten after a session that was healthy
/// for 20 s, so that a server that accepts and drops at once is not asked in a tight loop. A server
/// that sends its clients away is obeyed to the letter once; when the next attempt is sent away too
/// (two servers pointing at each other), the back-off comes on top.
///
/// Owned by the thread that owns the link.
public final class Reconnect {
  /// 20 s: four heartbeats, within which a path that was dead from the start is found out. A
  /// session that lived longer did work, and the next loss is a new one.
  public static final long HEALTHY_NANOS = 20_000_000_000L;

  /// A session superseded three times within 60 s shares its identity with another that does the
  /// same: the spool was copied.
  private static final int SUPERSEDED_LIMIT = 3;

  private static final long SUPERSEDED_WITHIN_NANOS = 60_000_000_000L;

  /// 1 to 5 s: the newer session is usually the same agent after a broken connection, and the older
  /// one only has to keep out of its way.
  private static final long SUPERSEDED_MIN_NANOS = 1_000_000_000L;

  private static final long SUPERSEDED_MAX_NANOS = 5_000_000_000L;

  private final Backoff backoff;
  private final RandomGenerator random;
  private final Machine<ReconnectMachine.State, ReconnectMachine.Event, ReconnectMachine.Action>
      machine;
  private int attempt;
  private long welcomedNanos;
  private final long[] supersededNanos = new long[SUPERSEDED_LIMIT];
  private int supersededCount;

  public Reconnect(
      Backoff backoff,
      RandomGenerator random,
      CellCounters<ReconnectMachine.State, ReconnectMachine.Event, ReconnectMachine.Action>
          counters) {
    this.backoff = backoff;
    this.random = random;
    this.machine = new Machine<>(ReconnectMachine.TABLE, counters, ReconnectMachine.State.WAITING);
  }

  /// The wait is over; an attempt begins.
  public void onDue() {
    machine.on(ReconnectMachine.Event.DUE);
  }

  /// The session was welcomed.
  public void onWelcomed(long nowNanos) {
    if (machine.on(ReconnectMachine.Event.WELCOMED) == ReconnectMachine.Action.NOTE_TIME) {
      welcomedNanos = nowNanos;
    }
  }

  /// The attempt failed or the session ended by itself.
  ///
  /// @return how long to wait before the next attempt
  public long onLost(long nowNanos) {
    boolean wasHealthy =
        machine.state() == ReconnectMachine.State.CONNECTED
            && nowNanos - welcomedNanos >= HEALTHY_NANOS;
    return delayNanos(
        machine.on(
            wasHealthy ? ReconnectMachine.Event.LOST_HEALTHY : ReconnectMachine.Event.LOST_EARLY),
        0);
  }

  /// The server said when to come back, or elsewhere at once (0).
  ///
  /// @return how long to wait before the next attempt
  public long onSentAway(long nowNanos, long toldNanos) {
    if (machine.state() == ReconnectMachine.State.CONNECTED
        && nowNanos - welcomedNanos >= HEALTHY_NANOS) {
      attempt = 0;
    }
    return delayNanos(machine.on(ReconnectMachine.Event.SENT_AWAY), Math.max(0, toldNanos));
  }

  /// A newer session of the same identity took over.
  ///
  /// @return how long to wait before the next attempt, or -1 when it happened three times within 60
  ///   s: then the identity is used twice and the sender must halt
  public long onSuperseded(long nowNanos) {
    supersededNanos[supersededCount % SUPERSEDED_LIMIT] = nowNanos;
    supersededCount++;
    long oldestNanos = supersededNanos[supersededCount % SUPERSEDED_LIMIT];
    boolean isTooOften =
        supersededCount >= SUPERSEDED_LIMIT && nowNanos - oldestNanos <= SUPERSEDED_WITHIN_NANOS;
    long waitNanos = random.nextLong(SUPERSEDED_MIN_NANOS, SUPERSEDED_MAX_NANOS + 1);
    long delayNanos = onSentAway(nowNanos, waitNanos);
    return isTooOften ? -1 : delayNanos;
  }

  private long delayNanos(ReconnectMachine.Action action, long toldNanos) {
    return switch (action) {
      case WAIT_LONGER -> backoff.delayNanos(attempt++, random);
      case WAIT_AFRESH -> {
        attempt = 1;
        yield backoff.delayNanos(0, random);
      }
      case WAIT_AS_TOLD -> {
        long extraNanos = attempt == 0 ? 0 : backoff.delayNanos(attempt, random);
        attempt++;
        yield toldNanos + extraNanos;
      }
      case IGNORE, TRY, NOTE_TIME -> 0;
    };
  }

  /// Attempts since the last healthy session.
  public int attempt() {
    return attempt;
  }

  public ReconnectMachine.State state() {
    return machine.state();
  }
}
