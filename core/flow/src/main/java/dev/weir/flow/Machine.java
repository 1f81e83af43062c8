package dev.weir.flow;

import org.jspecify.annotations.Nullable;

/// One running machine: a table and the state it is in.
///
/// A step has two halves, because where it ends often depends on what the action found out (how
/// much is in flight, say). [#on] looks the cell up, counts it and gives the action; a cell with
/// one landing is entered at once. For any other cell the owner performs the action and then calls
/// [#land] with the state it derived, which must be one that the cell allows:
///
///     switch (machine.on(SenderEvent.ACK)) {
///       case SETTLE -> { settle(ack); machine.land(derivedState()); }
///       ...
///
/// An event raised while an action is still being performed (a write that fails inside `pump`)
/// must be queued by the owner until the step has landed; [#on] refuses it otherwise.
///
/// Owned by one thread. A step allocates nothing.
public final class Machine<
    S extends Enum<S> & Described,
    E extends Enum<E> & Described,
    A extends Enum<A> & MachineAction> {
  private final MachineTable<S, E, A> table;
  private final CellCounters<S, E, A> counters;
  private S state;

  /// The cell whose landing is still to be told; null between steps.
  private @Nullable Cell<S, A> pending;

  public Machine(MachineTable<S, E, A> table, CellCounters<S, E, A> counters, S initial) {
    this.table = table;
    this.counters = counters;
    this.state = initial;
  }

  /// Starts a step and says what to do. Afterwards either [#state] is already the next state, or
  /// [#mustLand] is true and the owner calls [#land] once the action is done.
  ///
  /// @throws IllegalStateException when the step before has not landed: a bug of the owner
  public A on(E event) {
    if (pending != null) {
      throw new IllegalStateException(
          table.name() + ": " + event + " came before the last step landed, in " + state);
    }
    Cell<S, A> cell = table.cell(event, state);
    counters.count(event, state);
    if (cell.hasOneLanding()) {
      state = cell.next().getFirst();
    } else {
      pending = cell;
    }
    return cell.action();
  }

  /// Ends a step whose cell allows several landings.
  ///
  /// @throws IllegalStateException when no step waits, or the cell does not allow the state: a bug
  ///   of the owner, which closes what the machine stands for
  public void land(S next) {
    Cell<S, A> cell = pending;
    if (cell == null || !cell.allows(next)) {
      throw new IllegalStateException(
          table.name()
              + ": "
              + state
              + " landed in "
              + next
              + ", expected "
              + (cell == null ? "no landing" : cell.next()));
    }
    pending = null;
    state = next;
  }

  /// The current state; while [#mustLand] the one that the step started from.
  public S state() {
    return state;
  }

  /// Whether the owner still has to say where the last step landed.
  public boolean mustLand() {
    return pending != null;
  }
}
