package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.it.FaultyDisk.Action;
import dev.weir.it.FaultyDisk.Call;
import dev.weir.it.FaultyDisk.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The faults reach the calls that this JDK's file channels make.
final class FaultyDiskTest {
  @TempDir private Path directory;

  private FaultyDisk disk;
  private Path data;
  private int answerCount;

  @BeforeEach
  void compile() throws IOException {
    disk = new FaultyDisk(directory);
    data = Files.createDirectory(directory.resolve("data"));
    answerCount = 0;
  }

  @AfterEach
  void disarm() {
    disk.close();
  }

  @Test
  void failsTheNamedSyncAndLetsTheNextOnePass() {
    Rule rule = disk.rule(data, Call.SYNC, Action.FAIL).fromCall(2).times(1);
    try (WeirProcess probe = probe("data/file")) {
      rule.arm();

      assertThat(ask(probe, "force")).isEqualTo("forced");
      assertThat(ask(probe, "force")).isEqualTo("failed: Input/output error");
      assertThat(ask(probe, "force")).isEqualTo("forced");
      assertThat(rule.fired()).isEqualTo(1);
    }
  }

  @Test
  void fillsTheDiskForWritesUntilDisarmed() {
    Rule rule = disk.rule(data, Call.WRITE, Action.FAIL).error(FaultyDisk.ENOSPC);
    try (WeirProcess probe = probe("data/file")) {
      rule.arm();
      assertThat(ask(probe, "write 0 abc")).isEqualTo("failed: No space left on device");
      assertThat(ask(probe, "gather 0 abc def")).isEqualTo("failed: No space left on device");

      rule.disarm();
      assertThat(ask(probe, "gather 0 abc def")).isEqualTo("wrote 6");
    }
  }

  @Test
  void storesPartOfAWrite() {
    Rule rule = disk.rule(data, Call.WRITE, Action.SHORT).amount(4).times(2);
    try (WeirProcess probe = probe("data/file")) {
      rule.arm();

      assertThat(ask(probe, "write 0 abcdef")).isEqualTo("wrote 4");
      assertThat(ask(probe, "gather 0 uvw xyz")).isEqualTo("wrote 4");
      assertThat(ask(probe, "read 0 6")).isEqualTo("read uvwx");
    }
  }

  @Test
  void takesBackWhatWasNotSyncedWhenASyncFails() {
    Rule rule = disk.losing(data).times(1);
    try (WeirProcess probe = probe("data/file")) {
      ask(probe, "write 0 kept");
      ask(probe, "force");
      ask(probe, "write 2 XXXX");
      ask(probe, "write 0 Y");
      rule.arm();

      assertThat(ask(probe, "force")).isEqualTo("failed: Input/output error");
      assertThat(ask(probe, "force")).isEqualTo("forced");
      assertThat(ask(probe, "read 0 6")).isEqualTo("read kept..");
    }
  }

  @Test
  void holdsASyncUntilReleased() {
    Rule rule = disk.rule(data, Call.SYNC, Action.HOLD);
    try (WeirProcess probe = probe("data/file")) {
      rule.arm();
      probe.type("force\n");
      eventually("the sync is held", () -> rule.held() == 1);
      assertThat(probe.outputText()).doesNotContain("forced");

      rule.disarm();
      probe.awaitOutput(Pattern.compile("forced"));
    }
  }

  @Test
  void tearsAWriteAndKillsTheProcess() throws IOException {
    Rule rule = disk.rule(data, Call.WRITE, Action.KILL).amount(2);
    try (WeirProcess probe = probe("data/file")) {
      rule.arm();
      probe.type("write 0 abcdef\n");

      assertThat(probe.awaitExit()).isEqualTo(137);
      assertThat(Files.readString(data.resolve("file"))).isEqualTo("ab");
    }
  }

  @Test
  void leavesOtherPathsAlone() {
    Rule rule = disk.rule(data, Call.SYNC, Action.FAIL);
    try (WeirProcess probe = probe("elsewhere")) {
      rule.arm();

      assertThat(ask(probe, "force")).isEqualTo("forced");
      assertThat(rule.fired()).isZero();
    }
  }

  private WeirProcess probe(String file) {
    WeirProcess probe =
        new Launch(directory.resolve("out"))
            .mainClass(DiskProbe.class.getName())
            .environment(disk.environment())
            .inputOpen()
            .start(directory.resolve(file).toString());
    probe.awaitOutput(Pattern.compile("open\n"));
    return probe;
  }

  /// The answer to one more line.
  private String ask(WeirProcess probe, String line) {
    answerCount++;
    probe.type(line + "\n");
    probe.awaitOutput(Pattern.compile("(?:[^\n]*\n){%d}".formatted(answerCount + 1)));
    return probe.outputText().split("\n", -1)[answerCount];
  }
}
