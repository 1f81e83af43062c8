package dev.weir.edge.source;

import java.util.concurrent.atomic.LongAdder;

/// Counts what a source does. The source's threads write, any thread reads.
final class SourceMeter {
  private final String name;
  private final String kind;
  private final LongAdder messageCount = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder refusedCount = new LongAdder();
  private volatile SourceState state = SourceState.NEW;
  private volatile long lagBytes;
  private volatile String detail = "";

  SourceMeter(String name, String kind) {
    this.name = name;
    this.kind = kind;
  }

  void delivered(long count, long bodyBytes) {
    messageCount.add(count);
    bytes.add(bodyBytes);
  }

  void refused() {
    refusedCount.increment();
  }

  void state(SourceState newState) {
    state = newState;
  }

  SourceState state() {
    return state;
  }

  void lag(long newLagBytes) {
    lagBytes = newLagBytes;
  }

  void detail(String newDetail) {
    detail = newDetail;
  }

  SourceStats stats() {
    return new SourceStats(
        name, kind, state, messageCount.sum(), bytes.sum(), lagBytes, refusedCount.sum(), detail);
  }
}
