package dev.weir.bench.ship;

import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// How long acks took and how much they covered, from the start of the timed part on. Any thread.
final class AckTimes {
  private final AtomicLong ackedBytes = new AtomicLong();
  private final AtomicLong ackedMessages = new AtomicLong();
  private volatile Histogram nanos = new ConcurrentHistogram(3);

  /// What is recorded from now on counts; what was, was the warm-up.
  void restart() {
    nanos = new ConcurrentHistogram(3);
  }

  void record(long latencyNanos) {
    nanos.recordValue(Math.max(0, latencyNanos));
  }

  void acked(int messages, long bytes) {
    ackedMessages.addAndGet(messages);
    ackedBytes.addAndGet(bytes);
  }

  long ackedMessages() {
    return ackedMessages.get();
  }

  long ackedBytes() {
    return ackedBytes.get();
  }

  double millis(double percentile) {
    return nanos.getValueAtPercentile(percentile) / 1e6;
  }
}
