package dev.weir.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Compares the documentation with the tables, or writes it with `-Dweir.docs.write=true`.
final class MachineDocTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "internals", "state-machines.md");

  @Test
  void printsWhatTheDocumentationShows() throws IOException {
    String printed = MachineDoc.page(FlowTables.ALL);
    if (Boolean.getBoolean("weir.docs.write")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, printed, UTF_8);
    }

    assertThat(Files.readString(PAGE, UTF_8))
        .as("rewrite it with -Dweir.docs.write=true")
        .isEqualTo(printed);
  }

  @Test
  void printsACellThatStaysWithoutAnArrow() {
    assertThat(MachineDoc.page(FlowTables.ALL))
        .contains("| send | transmit → SENDING, FULL | transmit → SENDING, FULL | hold |")
        .contains("| ack | · | settle → IDLE, SENDING | settle → IDLE, SENDING, FULL |");
  }
}
