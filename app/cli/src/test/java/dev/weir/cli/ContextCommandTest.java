package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.node.CoreNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `weir context`, and commands that use one, against a real core in this process.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ContextCommandTest {
  /// Where nobody listens.
  private static final String NOWHERE = "weir://127.0.0.1:1";

  @TempDir Path home;
  private CoreNode core;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    core = CoreNode.start(TestCores.config(directory), "test", Clock.SYSTEM);
  }

  @AfterAll
  void stop() {
    core.close();
  }

  @BeforeEach
  void forgetAll() throws IOException {
    for (String file : new String[] {"current", "previous"}) {
      Files.deleteIfExists(home.resolve("weir").resolve(file));
    }
    for (String name : new String[] {"here", "there", "bad"}) {
      Files.deleteIfExists(file(name));
    }
  }

  private Path file(String name) {
    return home.resolve("weir/contexts/" + name + ".yaml");
  }

  private CapturedTerminal run(int exit, String... words) {
    CapturedTerminal terminal = new CapturedTerminal(Map.of("XDG_CONFIG_HOME", home.toString()));
    assertThat(terminal.run(words)).as(terminal.err()).isEqualTo(exit);
    assertThat(terminal.err()).doesNotContain("\tat ");
    return terminal;
  }

  private void addBoth() {
    run(0, "context", "add", "here", "--server", "weir://" + core.address());
    run(0, "context", "add", "there", "--server", NOWHERE);
  }

  @Test
  void theFirstIsUsedAndOthersByName() {
    addBoth();

    assertThat(run(0, "context", "ls").out()).contains("* here", "  there", NOWHERE);
    run(0, "topic", "ls");
    run(69, "topic", "ls", "-C", "there", "--timeout", "200ms");
    run(0, "context", "use", "there");
    run(69, "topic", "ls", "--timeout", "200ms");
    run(0, "topic", "ls", "--context", "here");
    run(0, "context", "use", "-");
    assertThat(run(0, "context", "test").out()).contains(core.address() + " answers");
    assertThat(run(0, "ctx", "test", "here", "--json").out()).contains("\"answerMicros\":");
  }

  @Test
  void aNamedServerGetsNothingOfAContextThatNobodyNamed() throws IOException {
    Path token = Files.writeString(home.resolve("token"), "secret\n");
    run(0, "context", "add", "here", "-s", NOWHERE, "--token-file", token.toString());
    Files.writeString(token, ""); // Who reads it fails.

    run(0, "topic", "ls", "-s", "weir://" + core.address());
    assertThat(run(2, "topic", "ls", "-s", "weir://" + core.address(), "-C", "here").err())
        .contains("is empty");
    run(69, "topic", "ls", "-C", "none", "-s", NOWHERE, "--timeout", "200ms");
  }

  @Test
  void keepsPathsThatHoldElsewhereAndShowsThem() throws IOException {
    Path token = Files.writeString(home.resolve("it's a token"), "secret\n");
    Path near = Path.of("").toAbsolutePath().relativize(token);
    run(0, "context", "add", "here", "-s", NOWHERE + ",weirs://[::1]:7", "--token-file", "" + near);

    CapturedTerminal shown = run(0, "context", "show");
    assertThat(shown.err()).contains(file("here").toString());
    assertThat(shown.out()).contains("it''s a token", "weirs://[::1]:7").doesNotContain("secret");
    assertThat(run(0, "context", "ls", "--json").out())
        .isEqualTo(
            "{\"context\":\"here\",\"servers\":\"%s,weirs://[::1]:7\",\"current\":true}%n"
                .formatted(NOWHERE));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("here"))))
        .isEqualTo("rw-------");
  }

  @Test
  void forgetsAndRefuses() {
    addBoth();

    assertThat(run(4, "context", "add", "here", "-s", NOWHERE).err()).contains("--force");
    run(0, "context", "add", "here", "-s", NOWHERE, "--force");
    run(0, "context", "rm", "here");
    run(3, "context", "show");
    assertThat(run(2, "context", "use", "here").err()).contains("known are there");
    assertThat(run(2, "topic", "ls", "-C", "here").err()).contains("no context 'here'");
    assertThat(run(2, "context", "add", "x", "-s", "http://a").err()).contains("weir://HOST:PORT");
    run(2, "context", "add", "x", "-s", NOWHERE, "--token-file", home.resolve("none").toString());
    run(2, "context", "add", "x", "-s", NOWHERE, "--tls-cert", home.toString());
  }

  @Test
  void namesWhatIsWrongWithAFile() throws IOException {
    run(0, "context", "add", "here", "-s", NOWHERE);
    Files.writeString(file("bad"), "servers: [weir://a]\ntokenfile: x\n");

    assertThat(run(78, "topic", "ls", "-C", "bad").err()).contains("bad.yaml:2", "tokenFile");
    Files.writeString(file("bad"), "tokenFile: x\n");
    assertThat(run(78, "topic", "ls", "-C", "bad").err()).contains("servers is missing");
  }
}
