package dev.weir.it;

import dev.weir.it.Ledger.Verdict;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;

/// New data before the backlog, in whole processes: the wire is cut for longer than an edge waits
/// before it opens a lane for what arises, round after round, while core and edge are killed now
/// and then; a file grows all the while. At the end every line must be at the core once, in no more
/// runs than there were outages: one order within each lane.
///
///     BackfillCampaign [--rounds 20] [--seed N] [--directory DIR]
final class BackfillCampaign {
  private static final Duration DRAIN_DEADLINE = Duration.ofMinutes(5);

  /// Up to 1 MB a second, stored as they are.
  private static final int LINES_PER_STEP = 100;

  /// An edge dials again within 5 s.
  private static final int LONGEST_DIAL_MILLIS = 5_000;

  /// An edge opens a lane when more than a MiB waits behind what is more than 5 s old.
  private static final long LEAST_BACKLOG_BYTES = 3 << 20;

  private static final Map<String, String> EDGE =
      Map.of(
          "WEIR__EDGE__SPOOL__BACKFILL", "newestFirst",
          "WEIR__EDGE__COMPRESSION__CODEC", "none");

  private final Path directory;
  private final RandomGenerator random;
  private final PrintStream out;
  private final Ledger ledger = new Ledger();
  private int outages;

  BackfillCampaign(Path directory, long seed, PrintStream out) {
    this.directory = directory;
    this.random = Seeds.random("BackfillCampaign", seed);
    this.out = out;
  }

  /// What came of it.
  ///
  /// @param outages after which a lane may have been opened
  record Outcome(Verdict verdict, int outages) {
    /// Whether everything is there once and each lane kept its order.
    boolean isClean() {
      return verdict.isWhole() && verdict.overtaken() <= outages;
    }
  }

  /// Runs it from a command line.
  static void main(String[] arguments) throws IOException {
    CampaignOptions options = CampaignOptions.parse(arguments, "rounds", 20);
    Outcome outcome =
        new BackfillCampaign(options.directory(), options.seed(), System.out).run(options.length());
    options.end(outcome.isClean());
  }

  /// Runs the rounds and the audit.
  Outcome run(int rounds) throws IOException {
    Path log = Files.createDirectories(directory).resolve("app.log");
    try (TailLoad load = new TailLoad(ledger, "tail", log, LINES_PER_STEP);
        Site site = new Site(directory)) {
      site.startCore();
      Member edge =
          site.addEdge("tail", "load/tail", site.spool("tail"), EDGE, "--tail", log.toString());
      edge.awaitReady();
      load.start();
      for (int round = 1; round <= rounds; round++) {
        outage(site, edge, log);
      }
      load.stop();
      Verdict verdict = drain(site);
      out.printf("%d outages: %s%n", outages, verdict);
      return new Outcome(verdict, outages);
    }
  }

  /// Cuts the wire for longer than the patience of an edge, and kills while the backlog drains.
  private void outage(Site site, Member edge, Path log) throws IOException {
    site.relay().cut();
    long startBytes = Files.size(log);
    Load.waitFor(Duration.ofMillis(random.nextInt(5_500, 7_500)));
    Eventually.eventually(
        "enough waits",
        Duration.ofMinutes(1),
        () -> Files.size(log) - startBytes > LEAST_BACKLOG_BYTES);
    site.relay().mend();
    outages++;
    Load.waitFor(Duration.ofMillis(LONGEST_DIAL_MILLIS + random.nextInt(100, 1_500)));
    if (random.nextBoolean()) {
      restart(site, random.nextBoolean() ? site.core() : edge);
      outages++; // What waits while it is down may be a lane of its own as well.
    }
  }

  private static void restart(Site site, Member member) {
    member.kill();
    member.start();
    if (member == site.core()) {
      site.awaitCore();
    } else {
      member.awaitReady();
    }
  }

  private Verdict drain(Site site) throws IOException {
    Verdict[] newest = {audit(site)};
    try {
      Eventually.eventually(
          "everything that was written has arrived",
          DRAIN_DEADLINE,
          () -> {
            newest[0] = audit(site);
            return newest[0].lost() == 0;
          });
    } catch (AssertionError e) {
      out.println(e.getMessage());
    }
    return newest[0];
  }

  private Verdict audit(Site site) throws IOException {
    return ledger.audit(site.stored("load/#").stream().map(StoredMessage::body).toList());
  }
}
