package dev.weir.sim;

/// A window that shrinks by the ratio of the long-term round trip to the present one and grows by a
/// constant queue.
///
/// Source: the Gradient2 limit of Netflix's concurrency-limits, with its constants.
final class GradientWindow extends Rival {
  private static final double QUEUE = 4;
  private static final double TOLERANCE = 1.5;
  private static final double SMOOTHING = 0.2;
  private static final double LONG_TERM = 2.0 / (600 + 1);

  /// Where the long-term round trip is this much above the present one, it comes down faster.
  private static final double DRIFT = 2;

  private double limit = 20;
  private double longRttNanos;

  @Override
  public void onAck(long nowNanos, long bytes, long rttNanos, long commitMicros, long queueMicros) {
    longRttNanos =
        longRttNanos == 0
            ? (double) rttNanos
            : longRttNanos + (rttNanos - longRttNanos) * LONG_TERM;
    if (longRttNanos > DRIFT * rttNanos) {
      longRttNanos *= 0.95;
    }
    double gradient = Math.clamp(TOLERANCE * longRttNanos / rttNanos, 0.5, 1.0);
    double wanted = limit * gradient + QUEUE;
    limit = Math.clamp(limit * (1 - SMOOTHING) + wanted * SMOOTHING, 4, 4_000);
  }

  @Override
  public long limitBytes() {
    return (long) (limit * MESSAGE_BYTES);
  }
}
