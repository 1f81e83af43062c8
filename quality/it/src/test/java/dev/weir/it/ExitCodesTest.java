package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.it.Launch.Ended;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Each documented exit code, provoked in a real process; what went wrong is on stderr with a fix,
/// and never a stack trace.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExitCodesTest {
  private Path directory;

  private Site site;

  @BeforeAll
  void startCore(@TempDir Path shared) throws IOException {
    directory = shared;
    site = new Site(directory);
    site.startCore();
  }

  @AfterAll
  void stopCore() {
    site.close();
  }

  @Test
  void zeroForSuccessWithDataOnStdoutOnly() {
    Ended published = run("pub", "a/b", "hello", "--server", server());
    Ended read = run("sub", "a/#", "--from", "first", "--exit-at-end", "--server", server());

    assertThat(published.status()).as(published.error()).isZero();
    assertThat(read.status()).as(read.error()).isZero();
    assertThat(read.output()).contains("hello\n");
  }

  @Test
  void oneForWhatNoCommandExpects() throws IOException {
    Path huge = Files.write(directory.resolve("huge"), new byte[16 << 20]);

    Ended ended =
        new Launch(directory.resolve("starved"))
            .heap("24m")
            .run("pub", "a", "--file", huge.toString(), "--server", server());

    assertRefused(ended, 1, "WEIR-9001: java.lang.OutOfMemoryError");
  }

  @Test
  void twoForAWrongCommandLineWithASuggestion() {
    assertRefused(run("serv"), 2, "serve");
    assertRefused(run("pub"), 2, "TOPIC");
    assertRefused(run("pub", "a/+/b", "x", "--server", server()), 2, "WEIR-7007");
  }

  @Test
  void threeForWhatDoesNotExist() {
    assertRefused(run("log", "verify", directory.resolve("nowhere").toString()), 3, "nowhere");
    assertRefused(
        run("pub", "a", "--file", directory.resolve("nothing").toString(), "--server", server()),
        3,
        "nothing");
  }

  @Test
  void fourForWhatAnotherProcessHas() {
    assertRefused(
        run("serve", "--data", site.coreData().toString(), "--listen", "127.0.0.1:0"),
        4,
        "WEIR-4004");
    String taken = "127.0.0.1:" + site.core().requireAddress().getPort();
    assertRefused(
        run("serve", "--data", directory.resolve("other").toString(), "--listen", taken),
        4,
        "WEIR-2004");
  }

  @Test
  void fiveForWhatTheServerRefuses() throws IOException {
    byte[] bytes = new byte[2 << 20];
    Seeds.random("ExitCodesTest").nextBytes(bytes);
    Path large = Files.write(directory.resolve("large"), bytes);

    assertRefused(
        run("pub", "a", "--file", large.toString(), "--server", server()), 5, "WEIR-7003");
  }

  @Test
  void sixForAnAnswerThatDoesNotCome() throws IOException {
    try (Site frozen = new Site(directory.resolve("frozen"))) {
      frozen.startCore();
      frozen.core().process().freeze();

      Ended ended =
          run("topic", "ls", "--server", "weir://" + frozen.core().server(), "--timeout", "1s");

      assertThat(ended.status()).as(ended.error()).isIn(6, 69);
    }
  }

  @Test
  void sevenForAnInputOfWhichSomeCannotBeSent() throws IOException {
    Path lines = directory.resolve("lines");
    Files.writeString(lines, "small\n" + "x".repeat(2 << 20) + "\n");

    Ended ended =
        run("pub", "partly", "--each", "line", "--file", lines.toString(), "--server", server());

    assertRefused(ended, 7, "WEIR-7003");
    assertThat(site.stored("partly")).extracting(StoredMessage::body).containsExactly("small");
  }

  @Test
  void seventySevenForASpoolWhoseIdentityIsUsedTwice() throws IOException {
    Path spool = directory.resolve("spool");
    Path copy = directory.resolve("spool-copy");
    assertThat(collect(spool, "from before the copy").status()).isZero();
    Command.require("cp", "-a", spool.toString(), copy.toString());
    assertThat(collect(spool, "the original's").status()).isZero();

    Ended ended = collect(copy, "the copy's");

    assertRefused(ended, 77, "WEIR-3003");
    assertThat(run("spool", "export", copy.toString()).output()).contains("the copy's");
  }

  private Ended collect(Path spool, String line) throws IOException {
    Path input = Files.writeString(directory.resolve("stdin"), line + "\n");
    return new Launch(directory.resolve("collectors"))
        .input(input)
        .run(
            "edge",
            "--stdin",
            "--topic",
            "twice",
            "--to",
            server(),
            "--spool",
            spool.toString(),
            "--ops",
            "127.0.0.1:0");
  }

  @Test
  void sixtyNineForAServerThatIsNotThere() throws IOException {
    String nobody = "weir://127.0.0.1:" + Site.freePort();

    assertRefused(run("pub", "a", "x", "--server", nobody, "--timeout", "1s"), 69, "WEIR-2001");
    assertRefused(run("sub", "#", "--server", nobody, "--timeout", "1s"), 69, "WEIR-2001");
  }

  @Test
  void seventyFourForADiskThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "no directory");

    Ended ended =
        run("serve", "--data", file.resolve("data").toString(), "--listen", "127.0.0.1:0");

    assertThat(ended.status()).as(ended.error()).isIn(74, 78);
    assertThat(ended.error()).contains("file");
  }

  @Test
  void seventyEightForFiveMistakesTheirPlacesAndFixes() throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("weir.yaml"),
            """
            version: 1
            server:
              listen: nowhere
              data_dir: /tmp/x
            store:
              segmentBytes: 64QiB
              duplicateWindow: -3s
            flow:
              v1Overflow: dropNewest
            """);

    Ended checked = run("config", "check", config.toString());
    Ended served = run("serve", "--config", config.toString());

    for (Ended ended : new Ended[] {checked, served}) {
      assertThat(ended.status()).as(ended.error()).isEqualTo(78);
      String told = ended.output() + ended.error();
      assertThat(told)
          .contains("weir.yaml:3:", "weir.yaml:4:", "weir.yaml:6:", "weir.yaml:7:", "weir.yaml:9:")
          .contains("did you mean dataDir?")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void oneHundredThirtyWhenInterruptedAndZeroWhenAServerIsAskedToEnd() {
    Launch launch = new Launch(directory.resolve("signals"));
    try (WeirProcess reader =
        launch.start("sub", "signals", "--from", "first", "--server", server())) {
      run("pub", "signals", "x", "--server", server());
      reader.awaitOutput(Pattern.compile("x"));
      assertThat(reader.interrupt()).isEqualTo(130);
    }
    String data = directory.resolve("brief").toString();
    try (WeirProcess core = launch.start("serve", "--data", data, "--listen", "127.0.0.1:0")) {
      core.awaitError(Pattern.compile("ready on"));
      assertThat(core.terminate()).isIn(0, 143);
    }
  }

  @Test
  void survivesAReaderThatGoesAway() {
    Command done =
        Command.run(
            "sh",
            "-c",
            String.join(
                " ",
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                "'" + System.getProperty("java.class.path") + "'",
                "dev.weir.cli.Main exit-codes | head -n 1"));

    assertThat(done.output()).contains("0").doesNotContain("Exception");
  }

  @Test
  void everyCodeIsDocumented() {
    Ended listed = run("exit-codes");

    assertThat(listed.output())
        .contains(
            " 0  ", " 1  ", " 2  ", " 3  ", " 4  ", " 5  ", " 6  ", " 7  ", " 69  ", " 74  ",
            " 77  ", " 78  ", " 130  ");
  }

  private String server() {
    return "weir://" + site.core().server();
  }

  private Ended run(String... arguments) {
    return new Launch(directory.resolve("runs"))
        .environment(Map.of("XDG_STATE_HOME", directory.resolve("state").toString()))
        .run(arguments);
  }

  private static void assertRefused(Ended ended, int status, String told) {
    assertThat(ended.status()).as(ended.error()).isEqualTo(status);
    assertThat(ended.error()).contains(told).doesNotContain("\tat ");
    assertThat(ended.output()).isEmpty();
  }
}
