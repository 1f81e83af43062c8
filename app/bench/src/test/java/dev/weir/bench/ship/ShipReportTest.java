package dev.weir.bench.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.base.ByteSize;
import dev.weir.bench.BenchRow;
import dev.weir.bench.data.DataSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the report says of given results.
final class ShipReportTest {
  private static final ShipProfile SEED = ShipProfile.parse("seed");
  private static final ShipAudit.Verdict CLEAN = new ShipAudit.Verdict(100, 0, 0, 0, 0);

  @Test
  void comparesWithTheSynchronousBaselineOfTheSameWorld() {
    ShipReport report = report(CLEAN);

    assertThat(report.speedUp(report.rows().get(1)).orElseThrow()).isCloseTo(4.0, within(0.001));
    assertThat(report.bench().ratios()).containsEntry("seed async/sync54", 4.0);
    assertThat(report.rows().get(1).secondsFor7Gb()).isCloseTo(350, within(0.1));
  }

  @Test
  void writesTheRowsOfTheSchema() {
    assertThat(report(CLEAN).bench().json())
        .contains("\"schema\":\"weir.bench/v1\"", "\"mode\":\"async\",\"profile\":\"seed\"")
        .contains("\"seconds\":5", "\"appMbitPerSecond\":160", "\"ackP99Ms\":90")
        .contains("\"wireBytes\":1.1E8", "\"lost\":0", "\"duplicated\":0");
  }

  @Test
  void takesTheMiddleOfTheRuns() {
    ShipRow row =
        new ShipRow(
            SEED, ShipMode.ASYNC, List.of(result(5, CLEAN), result(50, CLEAN), result(4, CLEAN)));

    assertThat(row.bitsPerSecond()).isCloseTo(160e6, within(1.0));
  }

  @Test
  void putsThePublishedFiguresBesideOursOnThePage() {
    String page = report(CLEAN).html();

    assertThat(page)
        .contains("published, sync54", "1,140 s", "350 s (4.0×)", "prefers-color-scheme: dark")
        .contains("none lost, none duplicated")
        .doesNotContain("http://", "https://", "<script");
  }

  @Test
  void saysSoWhenSomethingIsMissing() {
    ShipReport report = report(new ShipAudit.Verdict(99, 1, 0, 0, 0));

    assertThat(report.isClean()).isFalse();
    assertThat(report.html()).contains("NOT everything acked was there once");
  }

  @Test
  void putsOtherProgramsBesideWithWhatIsKnownOfThem() {
    ShipReport report = withPeers();

    assertThat(report.table())
        .contains("kafka fsync", "far", "42 ms", "20.0 s/GB")
        .contains("kafka fsync: the same, and log.flush.interval.messages=1");
    assertThat(report.bench().json())
        .contains("\"mode\":\"kafka fsync\",\"profile\":\"seed\"", "\"fsync\":\"far\"");
    assertThat(report.html()).contains("Other programs", "<td>kafka fsync</td>");
  }

  @Test
  void leavesEmptyWhatIsNotKnown() {
    BenchRow row = withPeers().peers().get(1).row();

    assertThat(row.extra()).doesNotContainKeys("lost", "duplicated", "ackP50Ms");
    assertThat(withPeers().peers().get(1).cells()).endsWith("-", "-");
  }

  @Test
  void givesTheMiddleOfRunsOfOtherProgramsAndTheSumOfTheirLosses() {
    List<PeerOutcome> runs =
        Stream.of(4, 5, 10)
            .map(seconds -> new LoadFigures(seconds, 1e8, 6_000, 0, 42, 90, 2))
            .map(load ->
                new PeerOutcome(
                    load, 110_000_000, 3, Optional.of(new ShipAudit.Verdict(99, 1, 0, 0, 0))))
            .toList();

    assertThat(new PeerRow(SEED, Peer.KAFKA, "seed-mix", runs).row().extra())
        .containsEntry("appMbitPerSecond", 160.0)
        .containsEntry("lowestMbitPerSecond", 80.0)
        .containsEntry("highestMbitPerSecond", 200.0)
        .containsEntry("lost", 3.0);
  }

  @Test
  void isNotCleanWhenTheEdgeBesideLosesSomething() {
    PeerOutcome lossy = outcome(Optional.of(new ShipAudit.Verdict(99, 1, 0, 0, 0)));

    assertThat(report(CLEAN, new PeerRow(SEED, Peer.WEIR, "logs", List.of(lossy))).isClean())
        .isFalse();
    assertThat(report(CLEAN, new PeerRow(SEED, Peer.KAFKA, "logs", List.of(lossy))).isClean())
        .isTrue();
  }

  private static ShipReport withPeers() {
    PeerOutcome known = outcome(Optional.of(CLEAN));
    return report(
        CLEAN,
        new PeerRow(SEED, Peer.KAFKA_FSYNC, "seed-mix", List.of(known)),
        new PeerRow(SEED, Peer.RSYSLOG, "logs", List.of(outcome(Optional.empty()))));
  }

  private static PeerOutcome outcome(Optional<ShipAudit.Verdict> audit) {
    return new PeerOutcome(new LoadFigures(5, 1e8, 6_000, 0, 42, 90, 2), 110_000_000, 3, audit);
  }

  @Test
  void readsBackWhatTheLoadReports() {
    LoadFigures figures = new LoadFigures(5.5, 1e8, 6_000, 200, 80, 90.25, 2);

    assertThat(LoadFigures.parse(figures.line())).isEqualTo(figures);
  }

  private static ShipReport report(ShipAudit.Verdict audit, PeerRow... peers) {
    List<ShipRow> rows =
        List.of(
            new ShipRow(SEED, ShipMode.SYNC54, List.of(result(20, CLEAN))),
            new ShipRow(SEED, ShipMode.ASYNC, List.of(result(5, audit))));
    ShipOptions options =
        new ShipOptions(
            Path.of("unused"),
            List.of("java"),
            List.of(SEED),
            List.of(ShipMode.SYNC54, ShipMode.ASYNC),
            DataSet.SEED_MIX,
            7,
            ByteSize.ofMebibytes(100),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            1,
            PeerChoice.NONE);
    return new ShipReport(
        options, rows, List.of(peers), 1.84, 16_600, "TUN pair", Map.of("cores", "2"));
  }

  private static ShipResult result(double seconds, ShipAudit.Verdict audit) {
    return new ShipResult(
        new LoadFigures(seconds, 1e8, 6_000, 0, 80, 90, 2), 110_000_000, 0.9, 3, audit);
  }
}
