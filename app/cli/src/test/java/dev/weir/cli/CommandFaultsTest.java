package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.node.CoreNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What each command says when its server cannot be reached, when its token is none, and when its
/// words mean nothing: what happened, what was expected, what to do.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CommandFaultsTest {
  private Path directory;
  private CoreNode core;

  @BeforeAll
  void start(@TempDir Path shared) throws IOException {
    directory = shared;
    Path file = shared.resolve("auth.yaml");
    assertThat(new CapturedTerminal().run("auth", "init", "--file", file.toString())).isZero();
    Files.writeString(shared.resolve("wrong"), "weir_00000000_x\n");
    core =
        CoreNode.start(
            TestCores.config(shared.resolve("data"), Map.of("auth.file", file.toString())),
            "test",
            Clock.SYSTEM);
  }

  @AfterAll
  void stop() {
    core.close();
  }

  /// Each command that talks to a core.
  static List<String> commands() {
    return List.of(
        "queue ls",
        "queue info jobs",
        "queue peek jobs",
        "queue move jobs other",
        "queue requeue jobs",
        "queue purge jobs",
        "queue rm jobs",
        "queue create jobs",
        "queue consume jobs -n 1",
        "topic ls",
        "topic presence a/b",
        "topic retained #",
        "client ls",
        "client info 1",
        "client kick 1",
        "client events",
        "explain message main/0@1",
        "explain message --id x",
        "explain message --request a",
        "explain client 1",
        "req a x",
        "reply a --echo -n 1",
        "top --once",
        "tap # --for 30s",
        "sub a -n 1",
        "pub a x",
        "pub --queue jobs x",
        "context test");
  }

  private CapturedTerminal run(String command, String... options) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of(options));
    CapturedTerminal terminal = new CapturedTerminal(Map.of("HOME", directory.toString()));
    var _ = terminal.run(words.toArray(String[]::new));
    assertThat(terminal.err()).as(command).doesNotContain("WEIR-9001", "\tat ", "Exception");
    return terminal;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void saysThatNobodyListens(String command) {
    CapturedTerminal ended = run(command, "--server", "weir://127.0.0.1:1", "--timeout", "300ms");

    assertThat(ended.exit()).isEqualTo(ExitCode.UNREACHABLE.number());
    assertThat(ended.err()).contains("WEIR-2001", "weir://127.0.0.1:1", "weir serve");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void saysThatATokenIsMissing(String command) {
    CapturedTerminal ended =
        run(command, "--server", "weir://" + core.address(), "--timeout", "10s");

    assertThat(ended.exit()).isEqualTo(ExitCode.NOT_PERMITTED.number());
    assertThat(ended.err()).contains("WEIR-3004");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void saysThatATokenIsWrong(String command) {
    CapturedTerminal ended =
        run(
            command,
            "--server",
            "weir://" + core.address(),
            "--timeout",
            "10s",
            "--token-file",
            directory.resolve("wrong").toString());

    assertThat(ended.exit()).isEqualTo(ExitCode.NOT_PERMITTED.number());
    assertThat(ended.err()).contains("WEIR-3002");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          queue                                 | info
          queue inf jobs                        | weir queue info
          queue info                            | QUEUE
          queue move jobs                       | TARGET
          queue create jobs --lease 5           | such as 30s
          queue create jobs --lease 99999999d   | at most 36500d
          queue create jobs --order size        | KEY
          topic                                 | ls
          topic presence                        | TOPIC
          client info five                      | five
          client kick                           | ID
          req                                   | TOPIC
          reply a                               | --exec and --echo
          reply a --echo --capacity 0           | 1 to 10000
          top --rows 0                          | 1 to 10000
          top --interval soon                   | such as 30s
          tap                                   | FILTER
          tap a --rate=-1                       | 0 to 100000
          context                               | use
          context add Bad --server weir://h:1   | a-z 0-9
          context add a --server http://h:1     | weir://HOST:PORT
          context use nowhere                   | There is no context
          auth                                  | user
          auth user add                         | NAME
          explain message                       | --id, --key or --request
          explain message here                  | main/0@42
          explain client five                   | weir client ls
          config                                | check
          """)
  void saysWhatWasExpected(String command, String expected) {
    CapturedTerminal ended = run(command);

    assertThat(ended.exit()).as(ended.err()).isEqualTo(ExitCode.USAGE.number());
    assertThat(ended.err()).contains(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:1",
    "weir://",
    "weir://127.0.0.1",
    "weir://127.0.0.1:0",
    "weir://h:99999",
    "127.0.0.1:4750",
    "::"
  })
  void saysWhatAServerIsNamed(String url) {
    CapturedTerminal ended = run("queue ls", "--server", url, "--timeout", "300ms");

    assertThat(ended.exit()).as(ended.err()).isIn(2, 69);
    assertThat(ended.err()).contains("weir://");
  }
}
