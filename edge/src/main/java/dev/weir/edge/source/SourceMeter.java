package dev.weir.edge.source;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// Counts what a source does. The source's threads write, any thread reads.
public final class SourceMeter {
  private final String name;
  private final String kind;
  private final LongAdder messageCount = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder refusedCount = new LongAdder();
  private final Map<SourceFault, LongAdder> faults = new EnumMap<>(SourceFault.class);
  private volatile SourceState state = SourceState.NEW;
  private volatile long lagBytes;
  private volatile String detail = "";

  /// @param counted the faults that this source can meet; no others may be counted
  public SourceMeter(String name, String kind, SourceFault... counted) {
    this.name = name;
    this.kind = kind;
    for (SourceFault fault : counted) {
      faults.put(fault, new LongAdder());
    }
  }

  public void delivered(long count, long bodyBytes) {
    messageCount.add(count);
    bytes.add(bodyBytes);
  }

  /// One delivery was turned away: its sender was told, or it is lost.
  public void refused() {
    refusedCount.increment();
  }

  public void fault(SourceFault fault) {
    fault(fault, 1);
  }

  public void fault(SourceFault fault, long count) {
    Objects.requireNonNull(faults.get(fault), fault::label).add(count);
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

  /// What happened last, for people. Told before the fault is counted, so that who sees the count
  /// finds its cause.
  public void detail(String newDetail) {
    detail = newDetail;
  }

  public SourceStats stats() {
    Map<SourceFault, Long> counts = new EnumMap<>(SourceFault.class);
    faults.forEach((fault, count) -> counts.put(fault, count.sum()));
    return new SourceStats(
        name,
        kind,
        state,
        messageCount.sum(),
        bytes.sum(),
        lagBytes,
        refusedCount.sum(),
        counts,
        detail);
  }
}
