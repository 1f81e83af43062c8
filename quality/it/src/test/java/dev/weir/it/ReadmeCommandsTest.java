package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tour of the README, pasted as a newcomer pastes it. Only the launcher, the folder and the
/// ports are exchanged, so that it runs from the test's class path and beside anything else.
final class ReadmeCommandsTest {
  private static final Pattern TOUR =
      Pattern.compile("## Five minutes\\n```sh\\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path directory;

  @Test
  void theTourShowsWhatItSays() throws IOException {
    Matcher tour = TOUR.matcher(Files.readString(Sources.root().resolve("README.md")));
    assertThat(tour.find()).isTrue();
    Path script = Files.writeString(directory.resolve("tour.sh"), here(tour.group(1)));

    Command done = Command.run("timeout", "--kill-after=5", "100", "bash", script.toString());

    assertThat(done.output())
        .contains("hello\n", "guten Tag\n", "\"topic\":\"greetings/", "a line\n", "weir_messages")
        .contains("resize 17.png\n")
        .contains("weir_spool_messages", "while you were out\n")
        .contains("revision 1, durable\n", "revision 2, durable\n", "put     color  red\n")
        .contains(
            "\"durability\":\"durable\"",
            "event: opened",
            "\"body\":\"bonjour\"",
            "\"atEnd\":false")
        .contains("\"body\":\"to whom it may concern\"", "\"lease\":\"")
        .doesNotContain("weir: ")
        .doesNotContain("Exception");
    assertThat(done.status()).as(done.output()).isZero();
  }

  /// The commands with a launcher of this class path, a folder and ports of their own.
  private String here(String commands) throws IOException {
    Path launcher = directory.resolve("weir");
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        exec '%s/bin/java' --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC \\
          -XX:TieredStopAtLevel=1 -cp '%s' dev.weir.cli.Main "$@"
        """
            .formatted(System.getProperty("java.home"), System.getProperty("java.class.path")));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    int core = Site.freePort();
    int ops = Site.freePort();
    String body =
        commands
            .replace("./weir ", launcher + " ")
            .replace("/tmp/weir", directory.resolve("tour").toString())
            .replace("127.0.0.1:4750", "127.0.0.1:" + core)
            .replace("127.0.0.1:4751", "127.0.0.1:" + Site.freePort())
            .replace("127.0.0.1:4760", "127.0.0.1:" + ops)
            .replace("127.0.0.1:4761", "127.0.0.1:0");
    // Job control, so that `kill %1` means what it means in a terminal; the end leaves nobody
    // behind.
    return """
    set -m
    trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT
    mkdir -p %s
    export WEIR__SERVER__LISTEN=127.0.0.1:%d WEIR__EDGE__OPS=127.0.0.1:%d
    export WEIR_SERVER=weir://127.0.0.1:%d
    """
            .formatted(directory.resolve("tour"), core, ops, core)
        + body;
  }
}
