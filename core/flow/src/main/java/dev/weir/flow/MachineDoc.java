package dev.weir.flow;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Prints tables as Markdown, so that the documentation cannot differ from the code.
public final class MachineDoc {
  private static final String INTRODUCTION =
      """
      # State machines

      Printed from the tables in core/flow; a test compares. To change a table, change the code,
      then run `mvn -pl core/flow -am test -Dtest=MachineDocTest -Dweir.docs.write=true
      -Dsurefire.failIfNoSpecifiedTests=false`.

      Rows are events, columns are states. A cell says what the owner does and, behind the arrow,
      where it may land; without an arrow the state stays. Several landings mean that the action
      decides, by what is in flight for example, and the owner's choice is checked against the cell.
      A dot: nothing happens; such a cell is legal and counted like any other.
      """;

  private MachineDoc() {}

  /// The whole page.
  public static String page(List<MachineTable<?, ?, ?>> tables) {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    for (MachineTable<?, ?, ?> table : tables) {
      appendTable(page, table);
    }
    return page.toString();
  }

  /// One table as a section, for a page of another module.
  public static String section(MachineTable<?, ?, ?> table) {
    StringBuilder section = new StringBuilder();
    appendTable(section, table);
    return section.toString();
  }

  private static <
          S extends Enum<S> & Described,
          E extends Enum<E> & Described,
          A extends Enum<A> & MachineAction>
      void appendTable(StringBuilder page, MachineTable<S, E, A> table) {
    page.append("\n## ").append(table.name()).append("\n\n").append(table.purpose());
    page.append("\n\n| event |");
    table.states().forEach(state -> page.append(' ').append(state).append(" |"));
    page.append("\n|---|").append("---|".repeat(table.states().size())).append('\n');
    for (E event : table.events()) {
      page.append("| ").append(words(event)).append(" |");
      for (S state : table.states()) {
        page.append(' ').append(text(table.cell(event, state), state)).append(" |");
      }
      page.append('\n');
    }
    appendMeanings(page, "States", table.states(), false);
    appendMeanings(page, "Events", table.events(), true);
    appendMeanings(page, "Actions", table.actions(), true);
  }

  private static <S extends Enum<S>, A extends Enum<A> & MachineAction> String text(
      Cell<S, A> cell, S state) {
    boolean isStaying = cell.next().equals(List.of(state));
    if (cell.action().isNoOp() && isStaying) {
      return "·";
    }
    if (isStaying) {
      return words(cell.action());
    }
    return words(cell.action())
        + " → "
        + cell.next().stream().map(Enum::name).collect(Collectors.joining(", "));
  }

  private static <T extends Enum<T> & Described> void appendMeanings(
      StringBuilder page, String title, List<T> terms, boolean isLowerCase) {
    page.append("\n").append(title).append(":\n\n");
    for (T term : terms) {
      page.append("- **").append(isLowerCase ? words(term) : term.name()).append("**: ");
      page.append(term.meaning()).append('\n');
    }
  }

  private static String words(Enum<?> term) {
    return term.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
