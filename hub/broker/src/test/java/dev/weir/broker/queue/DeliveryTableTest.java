package dev.weir.broker.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.MachineDoc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class DeliveryTableTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "internals", "queues.md");

  private static final String INTRODUCTION =
      """
      # A message of a queue

      What may happen to one message that a queue has loaded. Printed from the table in hub/broker
      (`DeliveryTable`); a test compares, and `-Dweir.docs.write=true` on the module's tests writes
      it again. How to read it: [state machines](state-machines.md). A message that is not near its
      turn is a position in the backlog, and has no state.
      """;

  /// Written out once more, so that a changed cell is a decision.
  @Test
  void hasTheseCells() {
    assertThat(MachineDoc.section(DeliveryTable.TABLE))
        .contains(
            """
            | event | PARKED | WAITING | READY | HELD | GONE |
            |---|---|---|---|---|---|
            | turn | admit → READY, WAITING | · | · | · | · |
            | due | · | admit → READY | · | · | · |
            | take | · | · | hand out → HELD | · | · |
            | ack | · | · | · | remove → GONE | · |
            | nack | · | · | · | give back → READY, WAITING, GONE | · |
            | lease over | · | · | · | give back → READY, WAITING, GONE | · |
            | extend | · | · | · | renew | · |
            | reject | · | · | · | remove → GONE | · |
            | discard | remove → GONE | remove → GONE | remove → GONE | · | · |
            """);
  }

  /// Compares the documentation with the table, or writes it with `-Dweir.docs.write=true`.
  @Test
  void isPrintedInTheDocumentation() throws IOException {
    String printed = INTRODUCTION + MachineDoc.section(DeliveryTable.TABLE);
    if (Boolean.getBoolean("weir.docs.write")) {
      Files.writeString(PAGE, printed, UTF_8);
    }

    assertThat(Files.readString(PAGE, UTF_8))
        .as("rewrite it with -Dweir.docs.write=true")
        .isEqualTo(printed);
  }
}
