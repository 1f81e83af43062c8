package dev.weir.flow;

import dev.weir.base.Checks;
import java.util.ArrayList;
import java.util.List;

/// A machine's whole table, computed once: events are rows, states are columns.
///
/// The rule is asked for every pair at construction, so a step is an index into a list and
/// allocates nothing, and a rule that throws for some pair is found when its class loads.
/// Immutable; shared by all owners of the machine.
public final class MachineTable<
    S extends Enum<S> & Described,
    E extends Enum<E> & Described,
    A extends Enum<A> & MachineAction> {
  /// A total, pure function from an event and a state to a cell.
  @FunctionalInterface
  public interface Rule<S extends Enum<S>, E extends Enum<E>, A extends Enum<A>> {
    Cell<S, A> cell(E event, S state);
  }

  private final String name;
  private final String purpose;
  private final List<S> states;
  private final List<E> events;
  private final List<A> actions;
  private final List<Cell<S, A>> cells;

  private MachineTable(
      String name,
      String purpose,
      List<S> states,
      List<E> events,
      List<A> actions,
      Rule<S, E, A> rule) {
    this.name = name;
    this.purpose = purpose;
    this.states = states;
    this.events = events;
    this.actions = actions;
    List<Cell<S, A>> computed = new ArrayList<>(states.size() * events.size());
    for (E event : events) {
      for (S state : states) {
        computed.add(rule.cell(event, state));
      }
    }
    this.cells = List.copyOf(computed);
  }

  /// Computes a table.
  ///
  /// @param name as it appears in metrics and headings: lower case, words joined by `-`
  /// @param purpose one sentence for the documentation
  public static <
          S extends Enum<S> & Described,
          E extends Enum<E> & Described,
          A extends Enum<A> & MachineAction>
      MachineTable<S, E, A> of(
          String name,
          String purpose,
          Class<S> states,
          Class<E> events,
          Class<A> actions,
          Rule<S, E, A> rule) {
    Checks.argument(!name.isBlank(), "name is blank, expected a word for metrics and headings");
    return new MachineTable<>(
        name,
        purpose,
        List.of(states.getEnumConstants()),
        List.of(events.getEnumConstants()),
        List.of(actions.getEnumConstants()),
        rule);
  }

  /// The cell for an event in a state.
  public Cell<S, A> cell(E event, S state) {
    return cells.get(index(event, state));
  }

  /// Where a cell's count is kept, in `[0, size())`.
  @SuppressWarnings("EnumOrdinal") // Never stored: the index lives as long as the loaded enums.
  int index(E event, S state) {
    return event.ordinal() * states.size() + state.ordinal();
  }

  /// How many cells there are: events times states.
  public int size() {
    return cells.size();
  }

  /// Whether nothing happens in the cell.
  public boolean isIgnored(Cell<S, A> cell) {
    return cell.action().isNoOp();
  }

  public String name() {
    return name;
  }

  public String purpose() {
    return purpose;
  }

  public List<S> states() {
    return states;
  }

  public List<E> events() {
    return events;
  }

  public List<A> actions() {
    return actions;
  }
}
