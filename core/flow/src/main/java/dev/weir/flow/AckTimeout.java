package dev.weir.flow;

/// How long a frame may stay unacked before the sender pings: four smoothed round trips and the
/// slowest commit of late, and never under 5 s.
///
/// The server reports its commit time in each ack; without taking it apart from the round trip, a
/// slow disk would look like a dead path. The slowest commit is remembered and fades by 1/128 per
/// ack, so that it stands for about the 99th percentile.
///
/// Owned by the thread that owns the link; allocates nothing.
public final class AckTimeout {
  /// 5 s, one heartbeat: a ping sooner would not tell more than the heartbeat does.
  public static final long FLOOR_NANOS = 5_000_000_000L;

  private static final int ROUND_TRIPS = 4;

  /// 1/8 per sample: the smoothing of RFC 6298 section 2.
  private static final int SMOOTHING_SHIFT = 3;

  private static final int FADING_SHIFT = 7;

  private long smoothedRttNanos = -1;
  private long slowestCommitNanos;

  /// Takes an ack's sample; the parameters are those of [Window#onAck].
  public void onAck(long rttNanos, long commitMicros, long queueMicros) {
    long commitNanos = (Math.max(0, commitMicros) + Math.max(0, queueMicros)) * 1_000;
    long netNanos = Math.max(0, rttNanos - commitNanos);
    smoothedRttNanos =
        smoothedRttNanos < 0
            ? netNanos
            : smoothedRttNanos + ((netNanos - smoothedRttNanos) >> SMOOTHING_SHIFT);
    slowestCommitNanos =
        Math.max(commitNanos, slowestCommitNanos - (slowestCommitNanos >> FADING_SHIFT));
  }

  /// The time after which an unacked frame is late.
  public long nanos() {
    return Math.max(FLOOR_NANOS, ROUND_TRIPS * smoothedRttNanos() + slowestCommitNanos);
  }

  /// The round trip without the server's commit, smoothed; 0 before the first ack.
  public long smoothedRttNanos() {
    return Math.max(0, smoothedRttNanos);
  }
}
