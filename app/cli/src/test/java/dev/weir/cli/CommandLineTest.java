package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandLineTest {
  private final CapturedTerminal terminal = new CapturedTerminal();

  @Test
  void namesTheNearestCommandForAnUnknownOne() {
    int exit = terminal.run("sreve");

    assertThat(exit).isEqualTo(2);
    assertThat(terminal.err()).contains("weir serve").contains("--help").doesNotContain("\tat ");
    assertThat(terminal.out()).isEmpty();
  }

  @Test
  void saysWhatAGroupNeeds() {
    assertThat(terminal.run("log")).isEqualTo(2);
    assertThat(terminal.err()).contains("verify");
  }

  @Test
  void refusesToGoWithoutACommand() {
    assertThat(terminal.run()).isEqualTo(2);
    assertThat(terminal.err()).contains("A command is missing");
  }

  @Test
  void printsItsVersionForPeopleAndPrograms() {
    assertThat(terminal.run("version", "--json")).isZero();
    assertThat(terminal.out()).startsWith("{\"version\":\"0.").contains("\"java\":\"25");
  }

  @Test
  void explainsEveryErrorCode() {
    assertThat(terminal.run("explain")).isZero();

    assertThat(terminal.out())
        .contains(Arrays.stream(ErrorCode.values()).map(ErrorCode::label).toList());
  }

  @Test
  void knowsNoForeignErrorCode() {
    assertThat(terminal.run("explain", "WEIR-1")).isEqualTo(3);
  }

  @Test
  void listsEveryExitCode() {
    assertThat(terminal.run("exit-codes")).isZero();

    assertThat(terminal.out().lines()).hasSize(ExitCode.values().length);
  }

  @Test
  void namesAllMistakesOfAConfigurationAndExitsWith78(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("weir.yaml");
    Files.writeString(
        file,
        """
        version: 1
        server:
          lisen: 127.0.0.1:4750
          maxMessage: 99GiB
        store:
          segmentBytes: many
        flow:
          heartbeat: -1s
          v1Overflow: explode
        """);

    assertThat(terminal.run("config", "check", file.toString())).isEqualTo(78);

    assertThat(terminal.err())
        .contains(":3:3", ":4:", ":6:", ":8:", ":9:")
        .contains("did you mean listen?");
  }

  @Test
  void acceptsTheConfigurationThatItPrints(@TempDir Path folder) throws IOException {
    assertThat(terminal.run("config", "init")).isZero();
    Path file = folder.resolve("weir.yaml");
    Files.writeString(file, terminal.out());

    assertThat(new CapturedTerminal().run("config", "check", file.toString())).isZero();
  }

  @Test
  void saysWhereNobodyListens() {
    int exit = terminal.run("pub", "a/b", "x", "-s", "weir://127.0.0.1:1", "--timeout", "300ms");

    assertThat(exit).isEqualTo(69);
    assertThat(terminal.err())
        .contains("WEIR-2001")
        .contains("127.0.0.1:1")
        .doesNotContain("\tat ");
  }

  @Test
  void refusesAStartThatIsNone() {
    assertThat(terminal.run("sub", "a/#", "--from", "yesterday")).isEqualTo(2);
    assertThat(terminal.err()).contains("yesterday").contains("last:N");
  }

  @Test
  void refusesACoreBeyondLoopbackWithoutAWord() {
    assertThat(terminal.run("serve", "--listen", "0.0.0.0:0", "--data", "x")).isEqualTo(78);
    assertThat(terminal.err()).contains("insecureBind");
  }
}
