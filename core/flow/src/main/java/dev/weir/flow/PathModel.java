package dev.weir.flow;

/// What the acks tell about a path: how fast it delivers, how long the network takes, how long the
/// core does. Measures and decides nothing.
///
/// Owned by the thread that owns the link; allocates nothing per frame or ack.
final class PathModel {
  private static final int QUEUE_SMOOTHING_SHIFT = 3;

  private final RateSampler sampler = new RateSampler();
  private final MaxRate maxRate = new MaxRate();
  private final MinRtt minRtt = new MinRtt();
  private final CommitTime commit = new CommitTime();
  private long queueNanos;

  /// A new session: perhaps another path, perhaps another core.
  void reset() {
    sampler.reset();
    maxRate.reset();
    minRtt.reset();
    commit.reset();
    queueNanos = 0;
  }

  void onSent(long nowNanos, long bytes) {
    sampler.onSent(nowNanos, bytes);
  }

  void onTakenBack(long bytes) {
    sampler.onTakenBack(bytes);
  }

  /// Takes an ack; the parameters are those of [Window#onAck]. A core cannot have spent more than
  /// the round trip: what it reports beyond that is cut.
  void onAck(long nowNanos, long bytes, long rttNanos, long commitMicros, long queueMicros) {
    long spentNanos = Math.max(1, rttNanos);
    long commitNanos = Math.clamp(commitMicros, 0, spentNanos / 1_000) * 1_000;
    long waitedNanos = Math.clamp(queueMicros, 0, (spentNanos - commitNanos) / 1_000) * 1_000;
    sampler.onAck(nowNanos, bytes, rttNanos);
    if (sampler.bytesPerSecond() > 0) {
      maxRate.onSample(sampler.bytesPerSecond(), sampler.round(), sampler.isOwnPace());
    }
    minRtt.onSample(nowNanos, Math.max(1, spentNanos - commitNanos - waitedNanos));
    commit.onSample(commitNanos);
    queueNanos += (waitedNanos - queueNanos) >> QUEUE_SMOOTHING_SHIFT;
  }

  /// Sending paused. A pause by window, credit or transport is the path's or the core's, and what
  /// they deliver is what they can; any other is the sender's own.
  void onLimited(LimitedBy reason) {
    switch (reason) {
      case WINDOW, CREDIT, TRANSPORT -> {}
      case SPOOL, CPU -> sampler.onOwnPace();
    }
  }

  RateSampler sampler() {
    return sampler;
  }

  MinRtt minRtt() {
    return minRtt;
  }

  /// The highest delivery rate of late, 0 before the first sample.
  double bytesPerSecond() {
    return maxRate.bytesPerSecond();
  }

  /// How long the path holds a byte: the network's round trip, and twice the commit, since a frame
  /// waits for the commit that runs when it arrives and then for its own. Twice the mean is what in
  /// simulation keeps links full; adding deviations only adds to the delay.
  long holdNanos() {
    return minRtt.nanos() + 2 * commit.nanos();
  }

  PathFigures figures() {
    return new PathFigures(
        (long) bytesPerSecond(),
        minRtt.nanos() / 1_000,
        commit.nanos() / 1_000,
        queueNanos / 1_000);
  }
}
