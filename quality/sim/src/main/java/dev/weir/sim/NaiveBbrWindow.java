package dev.weir.sim;

import java.util.Arrays;

/// BBR's window without what the core reports: the rate is bytes per round, the round trip is the
/// whole of it, commit and queue included.
final class NaiveBbrWindow extends Rival {
  private static final long AGE_NANOS = 10_000_000_000L;
  private static final double GAIN = 1.25;
  private static final double START_GAIN = 2.5;
  private static final double GROWTH = 1.25;
  private static final int FLAT_ROUNDS = 3;

  private final double[] rates = new double[10];
  private int round;
  private long roundNanos;
  private long roundBytes;
  private long minRttNanos = Long.MAX_VALUE;
  private long minSeenNanos;
  private double fullRate;
  private int flatRounds;

  @Override
  public void onAck(long nowNanos, long bytes, long rttNanos, long commitMicros, long queueMicros) {
    if (rttNanos <= minRttNanos || nowNanos - minSeenNanos > AGE_NANOS) {
      minRttNanos = rttNanos;
      minSeenNanos = nowNanos;
    }
    roundBytes += bytes;
    if (nowNanos - roundNanos >= rttNanos) {
      endRound(nowNanos);
    }
  }

  private void endRound(long nowNanos) {
    round++;
    rates[round % rates.length] = (double) roundBytes / (nowNanos - roundNanos);
    roundNanos = nowNanos;
    roundBytes = 0;
    if (rate() >= GROWTH * fullRate) {
      fullRate = rate();
      flatRounds = 0;
    } else {
      flatRounds++;
    }
  }

  private double rate() {
    return Arrays.stream(rates).max().orElse(0);
  }

  @Override
  public long limitBytes() {
    double gain = flatRounds < FLAT_ROUNDS ? START_GAIN : GAIN;
    double hold = minRttNanos == Long.MAX_VALUE ? 0 : rate() * minRttNanos;
    return (long) (gain * hold) + 4 * MESSAGE_BYTES;
  }
}
