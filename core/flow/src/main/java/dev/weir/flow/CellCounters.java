package dev.weir.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// How often each cell of a table was entered, over all machines that share these counters. Owners
/// expose them as `weir_machine_cell_total{machine,event,state}`, so that production shows which
/// cells really happen.
///
/// Any thread may count and read; counting does not allocate.
public final class CellCounters<
    S extends Enum<S> & Described,
    E extends Enum<E> & Described,
    A extends Enum<A> & MachineAction> {
  /// Receives one cell's count.
  @FunctionalInterface
  public interface Visitor<S, E> {
    void visit(E event, S state, long count);
  }

  private final MachineTable<S, E, A> table;
  private final LongAdder[] counts;

  public CellCounters(MachineTable<S, E, A> table) {
    this.table = table;
    this.counts = new LongAdder[table.size()];
    for (int index = 0; index < counts.length; index++) {
      counts[index] = new LongAdder();
    }
  }

  /// The `machine` label of the metric.
  public String machine() {
    return table.name();
  }

  void count(E event, S state) {
    counts[table.index(event, state)].increment();
  }

  /// How often the event met the state so far.
  public long total(E event, S state) {
    return counts[table.index(event, state)].sum();
  }

  /// Visits every cell, untouched ones too, row by row.
  public void forEach(Visitor<S, E> visitor) {
    for (E event : table.events()) {
      for (S state : table.states()) {
        visitor.visit(event, state, total(event, state));
      }
    }
  }

  /// The cells that never happened, as `EVENT x STATE`: what a simulation has yet to reach.
  public List<String> untouched() {
    List<String> names = new ArrayList<>();
    forEach((event, state, count) -> {
      if (count == 0) {
        names.add(event + " x " + state);
      }
    });
    return names;
  }
}
