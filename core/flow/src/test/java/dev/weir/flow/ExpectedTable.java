package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A machine's table as a test writes it out: one event per block, its name alone on a line, then
/// `STATE, STATE: ACTION > LANDING, LANDING`. Without `>` every state named stays. Each state must
/// be named exactly once per event, so every cell is written out.
final class ExpectedTable {
  private final Map<String, String> cells = new LinkedHashMap<>();

  private ExpectedTable() {}

  static ExpectedTable parse(String text) {
    ExpectedTable table = new ExpectedTable();
    String event = "";
    for (String line : text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList()) {
      if (line.indexOf(':') < 0) {
        event = line;
      } else {
        table.add(event, line);
      }
    }
    return table;
  }

  private void add(String event, String line) {
    List<String> halves = List.of(line.split(":", -1));
    List<String> rule = List.of(halves.get(1).split(">", -1));
    for (String name : halves.getFirst().split(",", -1)) {
      String state = name.strip();
      String next = rule.size() == 1 ? "[" + state + "]" : landings(rule.get(1));
      String previous = cells.put(event + " x " + state, rule.getFirst().strip() + " " + next);
      assertThat(previous).as("%s x %s is written twice", event, state).isNull();
    }
  }

  private static String landings(String text) {
    return List.of(text.strip().split(" *, *", -1)).toString();
  }

  <S extends Enum<S> & Described, E extends Enum<E> & Described, A extends Enum<A> & MachineAction>
      void assertSame(MachineTable<S, E, A> table) {
    Map<String, String> actual = new LinkedHashMap<>();
    for (E event : table.events()) {
      for (S state : table.states()) {
        Cell<S, A> cell = table.cell(event, state);
        actual.put(event + " x " + state, cell.action() + " " + cell.next());
      }
    }
    assertThat(actual).containsExactlyInAnyOrderEntriesOf(cells);
  }
}
