package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.it.FaultyDisk.Action;
import dev.weir.it.FaultyDisk.Call;
import dev.weir.it.FaultyDisk.Rule;
import dev.weir.it.Ledger.Verdict;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real core whose disk fails an fsync, and loses with it what was written since the last good
/// one, as Linux does. What was acked is what a fresh process reads; nothing else was.
final class DiskFaultTest {
  private static final int EXIT_IO = 74;
  private static final int KILLED = 137;
  private static final int ROUNDS = 3;

  @TempDir private Path directory;

  private final Ledger ledger = new Ledger();

  @Test
  void acksNothingThatAFailedFsyncLost() throws IOException {
    RandomGenerator random = Seeds.random("DiskFaultTest");
    for (int round = 0; round < ROUNDS; round++) {
      failOneSync(round, random.nextInt(1, 60));
    }

    Verdict verdict = audit();
    assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
    assertThat(verdict.acked()).isGreaterThan(100);
  }

  @Test
  void endsWithAReasonWhenTheDiskStaysBroken() throws IOException {
    try (FaultyDisk disk = new FaultyDisk(directory);
        Site site = site(disk)) {
      Rule rule = disk.losing(site.coreData());
      site.startCore();
      try (PublishedClient client = new PublishedClient(site.core().requireAddress())) {
        client.sendPlain("before", "x");
        client.awaitAcked(1);
        rule.arm();
        client.sendPlain("after", "x");

        assertThat(site.core().process().awaitExit()).isEqualTo(EXIT_IO);
        assertThat(site.core().process().errorText()).contains("WEIR-4001");
        assertThat(client.acked()).containsExactly("before");
      }
    }
  }

  @Test
  void findsWhatWasAckedBehindATornWrite() throws IOException {
    RandomGenerator random = Seeds.random("DiskFaultTest");
    for (int round = 0; round < ROUNDS; round++) {
      try (FaultyDisk disk = new FaultyDisk(tools(round));
          Site site = site(disk)) {
        Rule rule =
            disk.rule(site.coreData(), Call.WRITE, Action.KILL)
                .fromCall(random.nextInt(1, 60))
                .amount(random.nextInt(0, 4000));
        site.startCore();
        try (PublishedLoad load = startedLoad("torn" + round, site)) {
          rule.arm();
          assertThat(site.core().process().awaitExit()).isEqualTo(KILLED);
          load.stop();
        }
      }
    }

    Verdict verdict = audit();
    assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
  }

  @Test
  void writesOnWhereAShortWriteStopped() throws IOException {
    try (FaultyDisk disk = new FaultyDisk(tools(0));
        Site site = site(disk)) {
      disk.rule(site.coreData(), Call.WRITE, Action.SHORT).amount(100).arm();
      site.startCore();
      try (PublishedLoad load = startedLoad("short", site)) {
        eventually("acks come", () -> ledger.ackedCount() > 200);
        load.stop();
      }
      site.core().kill();
    }

    Verdict verdict = audit();
    assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
  }

  /// Load, one failed sync, more load; then either the core went on by itself or it said why not.
  private void failOneSync(int round, int syncNumber) throws IOException {
    try (FaultyDisk disk = new FaultyDisk(tools(round));
        Site site = site(disk)) {
      Rule rule = disk.losing(site.coreData()).fromCall(syncNumber).times(1);
      site.startCore();
      try (PublishedLoad load = startedLoad("round" + round, site)) {
        rule.arm();
        eventually("the sync fails", () -> rule.fired() == 1);
        long ackedAtFault = ledger.ackedCount();
        WeirProcess core = site.core().process();
        eventually(
            "the core goes on or ends",
            () -> !core.isAlive() || ledger.ackedCount() > ackedAtFault + 100);
        if (!core.isAlive()) {
          assertThat(core.awaitExit()).isEqualTo(EXIT_IO);
        }
        load.stop();
      }
      site.core().kill();
    }
  }

  private PublishedLoad startedLoad(String source, Site site) {
    PublishedLoad load = new PublishedLoad(ledger, source, 200, site.core()::address);
    long ackedBefore = ledger.ackedCount();
    load.start();
    eventually("acks come", () -> ledger.ackedCount() > ackedBefore + 20);
    return load;
  }

  private Path tools(int round) throws IOException {
    return Files.createDirectories(directory.resolve("disk-" + round));
  }

  /// What a fresh process finds, without any fault.
  private Verdict audit() throws IOException {
    try (Site site = new Site(directory)) {
      site.startCore();
      return ledger.audit(site.stored("#").stream().map(StoredMessage::body).toList());
    }
  }

  private Site site(FaultyDisk disk) throws IOException {
    Launch launch =
        new Launch(directory.resolve("core-output"))
            .environment(disk.environment())
            .environment(Map.of("WEIR__STORE__SEGMENT_BYTES", "1MiB"));
    return new Site(directory, launch);
  }
}
