package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.it.Ledger.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A full disk under a real core and under a real edge: the process stays up and says what is
/// wrong, nothing acked is lost, and it goes on by itself when there is space again.
final class FullDiskTest {
  private static final long DISK_BYTES = 20 << 20;
  private static final Duration RECOVERY = Duration.ofSeconds(40);
  private static final Pattern DISK_FULL =
      Pattern.compile("WEIR-4002: log [a-z0-9-]+: the disk is full");

  /// Small segments, and no floor: the disk itself is what runs out.
  private static final Map<String, String> SMALL =
      Map.of(
          "WEIR__STORE__SEGMENT_BYTES", "1MiB",
          "WEIR__STORE__RETENTION__FREE_DISK_FLOOR", "0B",
          "WEIR__EDGE__SPOOL__FREE_DISK_FLOOR", "0B",
          "WEIR__EDGE__SPOOL__MAX_BYTES", "1GiB");

  @TempDir private Path directory;

  private final Ledger ledger = new Ledger();

  @Test
  void coreWaitsForSpaceAndLosesNothing() throws IOException {
    try (LoopFileSystem disk = LoopFileSystem.create(directory, DISK_BYTES);
        Site site =
            new Site(
                directory,
                disk.path().resolve("core"),
                new Launch(directory.resolve("core-output")).environment(SMALL))) {
      site.startCore();
      PublishedLoad load = new PublishedLoad(ledger, "client", 4000, site.core()::address);
      try (load) {
        load.start();
        eventually("acks come", () -> ledger.ackedCount() > 50);
        disk.fill();
        site.core().process().awaitError(DISK_FULL);
        assertThat(site.core().process().isAlive()).isTrue();

        long ackedWhileFull = ledger.ackedCount();
        disk.free();
        eventually("acks come again", RECOVERY, () -> ledger.ackedCount() > ackedWhileFull + 50);
        load.stop();
      }
      site.core().kill();
      site.startCore();
      Verdict verdict = audit(site);
      assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
    }
  }

  @Test
  void edgeHoldsItsSourcesAndLosesNothing() throws IOException {
    try (LoopFileSystem disk = LoopFileSystem.create(directory, DISK_BYTES);
        Site site = new Site(directory)) {
      site.startCore();
      site.relay().cut();
      int port = Site.freePort();
      Path spool = disk.path().resolve("spool");
      Member edge = site.addEdge("full", "posted", spool, SMALL, "--http", "127.0.0.1:" + port);
      edge.awaitReady();
      HttpLoad load = new HttpLoad(ledger, "post", port);
      try (load) {
        load.start();
        eventually("acks come", () -> ledger.ackedCount() > 50);
        disk.fill();
        edge.process().awaitError(DISK_FULL);
        assertThat(edge.process().isAlive()).isTrue();

        long ackedWhileFull = ledger.ackedCount();
        disk.free();
        eventually("acks come again", RECOVERY, () -> ledger.ackedCount() > ackedWhileFull + 50);
        load.stop();
      }
      edge.kill();
      site.relay().mend();
      edge.start();
      eventually("everything acked arrives", RECOVERY, () -> audit(site).lost() == 0);
      Verdict verdict = audit(site);
      assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
    }
  }

  private Verdict audit(Site site) throws IOException {
    return ledger.audit(site.stored("#").stream().map(HttpLoad::sent).toList());
  }
}
