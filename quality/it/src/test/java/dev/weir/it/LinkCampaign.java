package dev.weir.it;

import dev.weir.base.Clock;
import dev.weir.it.Ledger.Verdict;
import dev.weir.lab.PathSettings;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// A bad line for a while: 1 % of the packets lost, 2 % overtaken, and every few seconds a cut that
/// nobody is told of, shorter or longer than the edge's patience. Under it a file grows; at the end
/// the line is mended, and everything must be at the core once, in order.
///
///     LinkCampaign [--minutes 5] [--seed N] [--directory DIR]
final class LinkCampaign {
  private static final PathSettings PATH = PathSettings.parse("20/100").withFaults(0.01, 0.02);
  private static final Duration DRAIN_DEADLINE = Duration.ofMinutes(2);

  private final Path directory;
  private final long seed;
  private final RandomGenerator random;
  private final PrintStream out;
  private final Ledger ledger = new Ledger();

  LinkCampaign(Path directory, long seed, PrintStream out) {
    this.directory = directory;
    this.seed = seed;
    this.random = Seeds.random("LinkCampaign", seed);
    this.out = out;
  }

  /// Runs it from a command line.
  static void main(String[] arguments) throws IOException {
    CampaignOptions options = CampaignOptions.parse(arguments, "minutes", 5);
    Verdict verdict =
        new LinkCampaign(options.directory(), options.seed(), System.out)
            .run(Duration.ofMinutes(options.length()), Duration.ofSeconds(10));
    options.end(verdict.isClean());
  }

  /// Lets the line be bad for so long, and audits.
  ///
  /// @param between from one cut to the next
  Verdict run(Duration length, Duration between) throws IOException {
    Files.createDirectories(directory);
    Path log = directory.resolve("app.log");
    RandomGenerator faults = Seeds.random("LinkCampaign.faults", seed);
    try (TailLoad load = new TailLoad(ledger, "tail", log);
        LabSite site = new LabSite(directory, PATH, "500ms", log, faults, out)) {
      load.start();
      long endNanos = Clock.SYSTEM.nanoTime() + length.toNanos();
      int cuts = 0;
      while (Clock.SYSTEM.nanoTime() < endNanos) {
        long cutMillis = random.nextInt(50, (int) (between.toMillis() / 2));
        Load.waitFor(between.minusMillis(cutMillis));
        site.cut();
        Load.waitFor(Duration.ofMillis(cutMillis));
        site.mend();
        cuts++;
      }
      load.stop();
      Verdict verdict = drain(site);
      out.printf("%d cuts, %,d packets dropped: %s%n", cuts, site.droppedPackets(), verdict);
      return verdict;
    }
  }

  private Verdict drain(LabSite site) throws IOException {
    Verdict[] newest = {ledger.audit(site.stored())};
    try {
      Eventually.eventually(
          "everything that was written has arrived",
          DRAIN_DEADLINE,
          () -> {
            newest[0] = ledger.audit(site.stored());
            return newest[0].lost() == 0;
          });
    } catch (AssertionError e) {
      out.println(e.getMessage());
    }
    return newest[0];
  }
}
