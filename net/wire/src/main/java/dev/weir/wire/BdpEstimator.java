package dev.weir.wire;

/// How large a window the path needs: twice what arrives within a round trip, measured by PINGs
/// while data comes (the idea is gRPC's; the filters and the shrinking are not).
///
/// A sample is what came between a PING and its PONG. One that fills two thirds of the window, at a
/// rate not seen before, says that the window may be what limits; then it becomes twice the sample.
///
/// - A round trip of less than half the usual is not believed, unless it comes three times on end:
///   an answer that overtook what it should have measured would inflate the rate.
/// - The rate is reckoned with the least round trip of the last 10 s, as queues that the window
///   itself fills would make it look slow.
/// - Samples that leave the window a third empty become rarer, down to one in 10 s; after a second
///   without data they are taken at the full rate again.
/// - A window that is not filled to a quarter for 30 s is halved, down to where it began.
///
/// Invariant: `startBytes <= windowBytes`, and at most the limit given last.
///
/// Owned by the connection's event loop; allocates nothing.
final class BdpEstimator {
  private static final long SECOND_NANOS = 1_000_000_000L;

  /// Never more than 100 PINGs a second, far below what a peer takes for a flood.
  private static final long MIN_INTERVAL_NANOS = SECOND_NANOS / 100;

  private static final long MAX_INTERVAL_NANOS = 10 * SECOND_NANOS;
  private static final long RTT_SPAN_NANOS = 5 * SECOND_NANOS;
  private static final long SHRINK_SPAN_NANOS = 30 * SECOND_NANOS;
  private static final int PATIENCE = 3;

  /// What a path between sites carries, 1 Gbit/s: the first guess where only its length is known.
  private static final long SEED_BYTES_PER_MICRO = 125;

  private final long startBytes;
  private long maxBytes;
  private long windowBytes;
  private boolean isSampling;
  private long sampleNanos;
  private long sampleStartBytes;
  private long nextSampleNanos = Long.MIN_VALUE;
  private long lastDataNanos;
  private long intervalNanos = MIN_INTERVAL_NANOS;
  private int emptySamples;
  private double bestRate;
  private long smoothRttNanos;
  private int strangeRtts;
  private long leastRttNanos = Long.MAX_VALUE;
  private long formerLeastRttNanos = Long.MAX_VALUE;
  private long rttSpanStartNanos;
  private long shrinkSpanStartNanos;
  private long largestSample;

  /// @param startBytes the window at first
  /// @param maxBytes the largest window
  BdpEstimator(long startBytes, long maxBytes, long nowNanos) {
    this.startBytes = startBytes;
    this.windowBytes = startBytes;
    this.maxBytes = Math.max(startBytes, maxBytes);
    this.rttSpanStartNanos = nowNanos;
    this.shrinkSpanStartNanos = nowNanos;
    this.lastDataNanos = nowNanos;
  }

  /// Takes a first guess from a round trip that somebody else measured.
  void seed(long rttMicros) {
    windowBytes = clamp(rttMicros * SEED_BYTES_PER_MICRO);
  }

  private long clamp(long bytes) {
    return Math.clamp(bytes, startBytes, maxBytes);
  }

  /// The largest window from now on; the present one is kept until it shrinks.
  void limit(long bytes) {
    maxBytes = Math.max(startBytes, bytes);
  }

  /// Data came: whether a PING should go out to measure it.
  boolean wantsSample(long nowNanos) {
    if (nowNanos - lastDataNanos > SECOND_NANOS) {
      intervalNanos = MIN_INTERVAL_NANOS;
      nextSampleNanos = nowNanos;
      emptySamples = 0;
    }
    lastDataNanos = nowNanos;
    return !isSampling && (nextSampleNanos == Long.MIN_VALUE || nowNanos - nextSampleNanos >= 0);
  }

  /// The PING goes out.
  ///
  /// @param receivedBytes everything that came so far
  void begin(long nowNanos, long receivedBytes) {
    isSampling = true;
    sampleNanos = nowNanos;
    sampleStartBytes = receivedBytes;
  }

  /// The PONG came.
  ///
  /// @return whether the window has changed
  boolean end(long nowNanos, long receivedBytes) {
    if (!isSampling) {
      return false;
    }
    isSampling = false;
    long rtt = Math.max(1, nowNanos - sampleNanos);
    nextSampleNanos = nowNanos + Math.max(0, intervalNanos - rtt);
    if (!believes(rtt)) {
      return false;
    }
    keepLeast(rtt, nowNanos);
    return judge(receivedBytes - sampleStartBytes);
  }

  private boolean believes(long rtt) {
    if (smoothRttNanos != 0 && rtt < smoothRttNanos / 2 && ++strangeRtts < PATIENCE) {
      return false;
    }
    smoothRttNanos =
        smoothRttNanos == 0 || strangeRtts >= PATIENCE
            ? rtt
            : smoothRttNanos + (rtt - smoothRttNanos) / 8;
    strangeRtts = 0;
    return true;
  }

  private void keepLeast(long rtt, long nowNanos) {
    if (nowNanos - rttSpanStartNanos >= RTT_SPAN_NANOS) {
      rttSpanStartNanos = nowNanos;
      formerLeastRttNanos = leastRttNanos;
      leastRttNanos = rtt;
    }
    leastRttNanos = Math.min(leastRttNanos, rtt);
  }

  private boolean judge(long sample) {
    largestSample = Math.max(largestSample, sample);
    if (sample * 3 < windowBytes * 2) {
      if (++emptySamples >= PATIENCE) {
        emptySamples = 0;
        intervalNanos = Math.min(MAX_INTERVAL_NANOS, intervalNanos * 2);
      }
      return false;
    }
    emptySamples = 0;
    double rate = sample / (1.5 * Math.min(leastRttNanos, formerLeastRttNanos));
    if (rate <= bestRate) {
      return false;
    }
    bestRate = rate;
    intervalNanos = MIN_INTERVAL_NANOS;
    return become(clamp(2 * sample));
  }

  private boolean become(long bytes) {
    boolean isChange = bytes != windowBytes;
    windowBytes = bytes;
    return isChange;
  }

  /// Looks whether the window is larger than what is used of it; now and then.
  ///
  /// @return whether the window has changed
  boolean tick(long nowNanos) {
    if (nowNanos - shrinkSpanStartNanos < SHRINK_SPAN_NANOS) {
      return false;
    }
    shrinkSpanStartNanos = nowNanos;
    boolean isOversized = largestSample < windowBytes / 4;
    largestSample = 0;
    if (isOversized) {
      bestRate = 0; // What was reached before is no hurdle for growing again.
      return become(clamp(windowBytes / 2));
    }
    return false;
  }

  long windowBytes() {
    return windowBytes;
  }

  /// The usual round trip; 0 while none is known.
  long rttNanos() {
    return smoothRttNanos;
  }
}
