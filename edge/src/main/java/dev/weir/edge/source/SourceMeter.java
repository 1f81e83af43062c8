package dev.weir.edge.source;

import java.util.concurrent.atomic.LongAdder;

/// Counts what a source does, for sources of every package. The source's threads write, any thread
/// reads.
public final class SourceMeter {
  private final String name;
  private final String kind;
  private final LongAdder messageCount = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder refusedCount = new LongAdder();
  private volatile SourceState state = SourceState.NEW;
  private volatile long lagBytes;
  private volatile String detail = "";

  /// @param kind as people write it in configuration: `file`, `http`
  public SourceMeter(String name, String kind) {
    this.name = name;
    this.kind = kind;
  }

  /// Counts what was handed over.
  public void delivered(long count, long bodyBytes) {
    messageCount.add(count);
    bytes.add(bodyBytes);
  }

  /// Counts one delivery that was turned away.
  public void refused() {
    refusedCount.increment();
  }

  public void state(SourceState newState) {
    state = newState;
  }

  public SourceState state() {
    return state;
  }

  public void lag(long newLagBytes) {
    lagBytes = newLagBytes;
  }

  /// Keeps the last fault, or something else for people.
  public void detail(String newDetail) {
    detail = newDetail;
  }

  public SourceStats stats() {
    return new SourceStats(
        name, kind, state, messageCount.sum(), bytes.sum(), lagBytes, refusedCount.sum(), detail);
  }
}
