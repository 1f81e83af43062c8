package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.it.Ledger.Verdict;
import dev.weir.lab.PathSettings;
import dev.weir.lab.Way;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An edge and a core over a network path that is bad: in two namespaces as root, else over the
/// relay.
final class BadLineTest {
  private static final String MISSED = "weir_link_heartbeats_missed_total";
  private static final Pattern LEFT = Pattern.compile("no core can be reached");
  private static final Pattern BACK_AGAIN = Pattern.compile("is up again");
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  /// What two processes and this one take to notice on a busy machine.
  private static final Duration SLACK = Duration.ofMillis(600);

  @TempDir private Path directory;

  private final Ledger ledger = new Ledger();

  @Test
  void seesALineThatStallsOneWayWithinTwoHeartbeatsAndLeavesItWithinFour() throws IOException {
    Path log = directory.resolve("app.log");
    PrintStream out = System.out; // Not the site's to close.
    try (TailLoad load = new TailLoad(ledger, "tail", log);
        LabSite site =
            new LabSite(
                directory,
                PathSettings.parse("20/100"),
                HEARTBEAT.toMillis() + "ms",
                log,
                Seeds.random("BadLineTest"),
                out)) {
      load.start();
      eventually("lines reach the core", () -> site.stored().iterator().hasNext());

      double missedBefore = site.edgeMetric(MISSED);
      long stalledNanos = Clock.SYSTEM.nanoTime();
      site.stall(Way.BACK);
      eventually("a beat is missed", () -> site.edgeMetric(MISSED) > missedBefore);
      Duration seen = Duration.ofNanos(Clock.SYSTEM.nanoTime() - stalledNanos);
      var _ = site.edge().process().awaitError(LEFT);
      Duration left = Duration.ofNanos(Clock.SYSTEM.nanoTime() - stalledNanos);
      site.mend();

      // Three whole intervals of silence end a connection; the first one began before the stall.
      assertThat(seen).isLessThan(HEARTBEAT.multipliedBy(2).plus(SLACK));
      assertThat(left).isLessThan(HEARTBEAT.multipliedBy(4).plus(SLACK));
      var _ = site.edge().process().awaitError(BACK_AGAIN);
      load.stop();
      eventually("every line arrives", () -> ledger.audit(site.stored()).lost() == 0);
      Verdict verdict = ledger.audit(site.stored());
      assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
    }
  }

  @Test
  void losesAndDoublesNothingOnALineThatLosesReordersAndIsCut() throws IOException {
    LinkCampaign campaign = new LinkCampaign(directory, Seeds.seed(), System.out);

    Verdict verdict = campaign.run(Duration.ofSeconds(12), Duration.ofSeconds(3));

    assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
    assertThat(verdict.acked()).isGreaterThan(500);
  }
}
