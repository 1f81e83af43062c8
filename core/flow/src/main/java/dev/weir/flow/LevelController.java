package dev.weir.flow;

/// Chooses a compression level by where the bottleneck is: a link that holds its sender back is
/// worth processor time, a processor that does not keep up is not.
///
/// Every five seconds it looks at two shares of that time:
///
/// ```
///  encoding    > 70 %             one rung down, and up again after 30 s at the earliest
///  sender held back > 50 %        one rung up
///  sender held back < 10 %, 60 s  one rung down: nobody gains from the work
/// ```
///
/// The rungs are zstd's 1, 3 and 6: measured on telemetry, each costs about half of the speed of
/// the one before, and what lies between gains less than it costs. Owned by one thread.
public final class LevelController {
  /// Long enough that one burst does not decide (research: edge.md §3.2).
  public static final long PERIOD_NANOS = 5_000_000_000L;

  private static final int[] RUNGS = {1, 3, 6};
  private static final double HELD_SHARE = 0.5;
  private static final double IDLE_SHARE = 0.1;
  private static final double BUSY_SHARE = 0.7;
  private static final int PERIODS_AFTER_BUSY = 6;
  private static final int PERIODS_UNTIL_IDLE = 12;

  private final long startNanos;
  private int rung;
  private long periodNanos;
  private long heldNanos;
  private long busyNanos;
  private int waitPeriods;
  private int idlePeriods;

  /// Begins at the lowest rung.
  public LevelController(long nowNanos) {
    this.startNanos = nowNanos;
  }

  /// Tells what happened since the start; may change the level.
  ///
  /// @param nowNanos of the clock that the start was read from
  /// @param newHeldNanos for which window or transport have held the sender back, in total
  /// @param newBusyNanos for which batches were being encoded, in total
  /// @return the level from now on
  public int observe(long nowNanos, long newHeldNanos, long newBusyNanos) {
    long sinceStart = nowNanos - startNanos;
    long elapsed = sinceStart - periodNanos;
    if (elapsed >= PERIOD_NANOS) {
      decide(
          (double) (newHeldNanos - heldNanos) / elapsed,
          (double) (newBusyNanos - busyNanos) / elapsed);
      periodNanos = sinceStart;
      heldNanos = newHeldNanos;
      busyNanos = newBusyNanos;
    }
    return level();
  }

  private void decide(double held, double busy) {
    waitPeriods = Math.max(0, waitPeriods - 1);
    idlePeriods = held < IDLE_SHARE ? idlePeriods + 1 : 0;
    if (busy > BUSY_SHARE) {
      rung = Math.max(0, rung - 1);
      waitPeriods = PERIODS_AFTER_BUSY;
    } else if (held > HELD_SHARE && waitPeriods == 0) {
      rung = Math.min(RUNGS.length - 1, rung + 1);
    } else if (idlePeriods >= PERIODS_UNTIL_IDLE) {
      rung = Math.max(0, rung - 1);
      idlePeriods = 0;
    }
  }

  /// 1, 3 or 6.
  public int level() {
    return RUNGS[rung];
  }
}
