package dev.weir.log;

import java.util.concurrent.atomic.AtomicLong;

/// Counts what the log's thread made durable. That thread writes, any thread reads.
final class Commits {
  final AtomicLong frames = new AtomicLong();
  final AtomicLong messages = new AtomicLong();
  final AtomicLong bytes = new AtomicLong();
  final AtomicLong groups = new AtomicLong();
  final LatencyHistogram latency = new LatencyHistogram();

  void add(long groupFrames, long groupMessages, long groupBytes, long nanos) {
    frames.addAndGet(groupFrames);
    messages.addAndGet(groupMessages);
    bytes.addAndGet(groupBytes);
    groups.incrementAndGet();
    latency.record(nanos);
  }
}
