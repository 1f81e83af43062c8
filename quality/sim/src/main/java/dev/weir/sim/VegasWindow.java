package dev.weir.sim;

/// A window by the rule of TCP Vegas, in the logarithmic form that request limiters use: what
/// queues, by the round trip against the smallest one, is held between 3 and 6 times the logarithm
/// of the limit.
///
/// Source: Brakmo and Peterson, TCP Vegas (1995); the form is that of Netflix's concurrency-limits.
final class VegasWindow extends Rival {
  private static final double LOW = 3;
  private static final double HIGH = 6;

  /// The smallest round trip is taken anew after so many limits' worth of acks.
  private static final int RENEWAL = 30;

  private double limit = 20;
  private long minRttNanos = Long.MAX_VALUE;
  private double acksSinceRenewal;

  @Override
  public void onAck(long nowNanos, long bytes, long rttNanos, long commitMicros, long queueMicros) {
    acksSinceRenewal++;
    if (acksSinceRenewal > RENEWAL * limit) {
      acksSinceRenewal = 0;
      minRttNanos = rttNanos;
      return;
    }
    minRttNanos = Math.min(minRttNanos, rttNanos);
    double queue = limit * (1 - (double) minRttNanos / rttNanos);
    double step = Math.max(1, StrictMath.log10(limit));
    if (queue <= step) {
      limit += HIGH * step;
    } else if (queue < LOW * step) {
      limit += step;
    } else if (queue > HIGH * step) {
      limit -= step;
    }
    limit = Math.clamp(limit, 1, 4_000);
  }

  @Override
  public long limitBytes() {
    return (long) (limit * MESSAGE_BYTES);
  }
}
