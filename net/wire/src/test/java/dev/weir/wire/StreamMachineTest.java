package dev.weir.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.Cell;
import dev.weir.flow.MachineDoc;
import dev.weir.wire.StreamMachine.Action;
import dev.weir.wire.StreamMachine.Event;
import dev.weir.wire.StreamMachine.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every cell, and the page that shows them: written again with `-Dweir.docs.write=true`.
final class StreamMachineTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "internals", "wire-stream.md");

  private static final String INTRODUCTION =
      """
      # The stream of net/wire

      Printed from the table in net/wire (`StreamMachine`); a test compares, and
      `-Dweir.docs.write=true` on the module's tests writes it again. How to read it:
      [state machines](state-machines.md). Messages are no events: whether one may be sent or is
      delivered follows from the state alone.
      """;

  /// By event, then by state: IDLE, OPEN, LOCAL_ENDED, REMOTE_ENDED, DRAINING, CLOSED.
  private static final List<String> EXPECTED =
      List.of(
          "BEGIN OPEN, -, -, -, -, -",
          "-, QUEUE_END LOCAL_ENDED, -, QUEUE_END DRAINING, -, -",
          "-, TELL_END REMOTE_ENDED, TELL_END DRAINING, REFUSE REMOTE_ENDED, -, -",
          "-, QUEUE_END DRAINING, -, QUEUE_END DRAINING, -, -",
          "-, CLOSE CLOSED, CLOSE CLOSED, CLOSE CLOSED, CLOSE CLOSED, -",
          "-, -, -, -, CLOSE CLOSED, -",
          "CLOSE CLOSED, ABORT CLOSED, ABORT CLOSED, ABORT CLOSED, ABORT CLOSED, -",
          "CLOSE CLOSED, CLOSE CLOSED, CLOSE CLOSED, CLOSE CLOSED, CLOSE CLOSED, -");

  @Test
  void hasTheCellsOfTheSpecification() {
    for (Event event : StreamMachine.TABLE.events()) {
      List<String> cells =
          List.of(EXPECTED.get(StreamMachine.TABLE.events().indexOf(event)).split(", ", -1));
      for (State state : StreamMachine.TABLE.states()) {
        Cell<State, Action> cell = StreamMachine.cell(event, state);
        String text =
            cell.action() == Action.IGNORE ? "-" : cell.action() + " " + cell.next().getFirst();
        assertThat(text)
            .as("%s x %s", event, state)
            .isEqualTo(cells.get(StreamMachine.TABLE.states().indexOf(state)));
        assertThat(cell.hasOneLanding()).isTrue();
      }
    }
  }

  @Test
  void neverLeavesTheEnd() {
    for (Event event : Event.values()) {
      assertThat(StreamMachine.cell(event, State.CLOSED).next()).containsExactly(State.CLOSED);
    }
  }

  @Test
  void printsWhatTheDocumentationShows() throws IOException {
    String printed = INTRODUCTION + MachineDoc.section(StreamMachine.TABLE);
    if (Boolean.getBoolean("weir.docs.write")) {
      Files.writeString(PAGE, printed, UTF_8);
    }

    assertThat(Files.readString(PAGE, UTF_8))
        .as("write it again with -Dweir.docs.write=true")
        .isEqualTo(printed);
  }
}
