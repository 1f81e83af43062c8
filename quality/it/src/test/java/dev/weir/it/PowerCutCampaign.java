package dev.weir.it;

import dev.weir.base.Clock;
import dev.weir.it.Ledger.Verdict;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The power goes at random moments under load.
///
/// The core's data lies on an ext4 image that is mounted with a commit interval of minutes, so that
/// only what somebody synced is in the image. A round freezes the core at a random moment, copies the
/// image, mounts the copy and starts a core on it: what a machine finds that lost its memory at that
/// moment. Everything acked so far must be there, once and in order. Then the frozen core goes on.
///
///     PowerCutCampaign [--rounds 200] [--seed N] [--directory DIR]
final class PowerCutCampaign {
  private static final long DISK_BYTES = 256L << 20;

  private final Path directory;
  private final RandomGenerator random;
  private final PrintStream out;
  private final Ledger ledger = new Ledger();

  PowerCutCampaign(Path directory, long seed, PrintStream out) {
    this.directory = directory;
    this.random = Seeds.random("PowerCutCampaign", seed);
    this.out = out;
  }

  /// Runs it from a command line.
  static void main(String[] arguments) throws IOException {
    CampaignOptions options = CampaignOptions.parse(arguments, "rounds", 200);
    List<Verdict> failures =
        new PowerCutCampaign(options.directory(), options.seed(), System.out).run(options.length());
    options.end(failures.isEmpty());
  }

  /// Runs the rounds and returns the verdicts that are not clean.
  List<Verdict> run(int rounds) throws IOException {
    long startNanos = Clock.SYSTEM.nanoTime();
    List<Verdict> failures = new ArrayList<>();
    try (LoopFileSystem disk = LoopFileSystem.create(directory, DISK_BYTES);
        Site site = new Site(directory, disk.path().resolve("core"), launch("core-output"))) {
      site.startCore();
      List<PublishedLoad> loads = new ArrayList<>();
      for (String source : List.of("one", "two", "three")) {
        loads.add(new PublishedLoad(ledger, source, 100, site.core()::address));
      }
      loads.forEach(Load::start);
      Eventually.eventually("acks come", () -> ledger.ackedCount() > 0);
      for (int round = 1; round <= rounds; round++) {
        Load.waitFor(Duration.ofMillis(random.nextInt(5, 500)));
        site.core().process().freeze();
        Verdict verdict = afterPowerCut(disk);
        out.printf("round %d of %d: %s%n", round, rounds, verdict);
        if (!verdict.isClean()) {
          failures.add(verdict);
        }
        site.core().process().thaw();
      }
      loads.forEach(Load::stop);
    }
    out.printf("%d power cuts, %.1f s%n", rounds, (Clock.SYSTEM.nanoTime() - startNanos) / 1e9);
    return failures;
  }

  /// What a core finds on the disk as it is without the memory of this moment.
  private Verdict afterPowerCut(LoopFileSystem disk) throws IOException {
    Path image = directory.resolve("after.image");
    disk.copyImage(image);
    try (LoopFileSystem copy = LoopFileSystem.ofImage(image, directory.resolve("after"));
        Site site = new Site(directory, copy.path().resolve("core"), launch("after-output"))) {
      site.startCore();
      Verdict verdict = ledger.audit(site.stored("#").stream().map(StoredMessage::body).toList());
      site.core().kill();
      return verdict;
    }
  }

  private Launch launch(String output) {
    // Small segments, so that cuts also hit a roll; the disk is smaller than the usual free floor.
    return new Launch(directory.resolve(output))
        .environment(
            Map.of(
                "WEIR__STORE__SEGMENT_BYTES", "4MiB",
                "WEIR__STORE__RETENTION__FREE_DISK_FLOOR", "0B"));
  }
}
