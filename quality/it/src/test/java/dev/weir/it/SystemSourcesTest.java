package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// statsd from Debian's python3-statsd, the machine's figures, a command, and a journal that
/// systemd-journal-remote wrote, each through a whole edge and core.
final class SystemSourcesTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final String JOURNAL_REMOTE = "/lib/systemd/systemd-journal-remote";

  @TempDir Path directory;
  private Site site;

  @BeforeEach
  void start() throws IOException {
    site = new Site(directory);
    site.startCore();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void aggregatesWhatAPythonClientSends() throws IOException {
    int port = Site.freePort();
    configured("{type: statsd, listen: 127.0.0.1:%d, interval: 1s}".formatted(port));
    String script =
        """
        import sys, statsd
        for kind, client in (('udp', statsd.StatsClient('127.0.0.1', %1$d, prefix='app')),
                             ('tcp', statsd.TCPStatsClient('127.0.0.1', %1$d, prefix='app'))):
            for i in range(50):
                client.incr('hits')
                client.timing('took', 10 + i)
            client.gauge('level_' + kind, 7)
            client.gauge('level_' + kind, -2, delta=True)
            client.set('users', 'a')
            client.set('users', 'b')
            with client.pipeline() as pipe:
                pipe.incr('batched', 3)
                pipe.decr('batched')
        """
            .formatted(port);
    assertThat(Command.run("/usr/bin/python3", "-c", script))
        .as("install python3-statsd")
        .extracting(Command::status)
        .isEqualTo(0);

    eventually("every sample is counted", DEADLINE, () -> sum("app_took_count") == 100);

    assertThat(sum("app_hits")).isEqualTo(100);
    assertThat(sum("app_batched")).isEqualTo(4);
    // One of each: between UDP and TCP there is no order.
    assertThat(values("app_level_udp").getLast()).isEqualTo(5);
    assertThat(values("app_level_tcp").getLast()).isEqualTo(5);
    assertThat(values("app_users")).contains(2.0);
    assertThat(values("app_took_min")).contains(10.0);
    assertThat(values("app_took_max")).contains(59.0);
  }

  @Test
  void sendsTheMachinesFiguresAndTheLinesOfACommand() throws IOException {
    configured("{type: host, interval: 1s}, {type: exec, command: [sh, -c, echo from a command]}");

    eventually(
        "both are stored",
        DEADLINE,
        () -> {
          String text = text(site.stored("site/#"));
          return text.contains("node_cpu_seconds_total{") && text.contains("from a command");
        });
  }

  @Test
  void readsEachEntryOfAJournalOnceThroughARestart() throws IOException {
    assertThat(Files.isExecutable(Path.of(JOURNAL_REMOTE)))
        .as("install systemd-journal-remote")
        .isTrue();
    Path journal = Files.createDirectories(directory.resolve("journal"));
    write(journal.resolve("first.journal"), 0, 100);
    Member edge = configured("{type: journald, directory: %s}".formatted(journal));
    eventually("the first are stored", DEADLINE, () -> site.stored("site/#").size() >= 100);
    edge.terminate();
    write(journal.resolve("second.journal"), 100, 150);
    edge.start().awaitReady();

    eventually("all are stored", DEADLINE, () -> site.stored("site/#").size() >= 150);

    List<StoredMessage> stored = site.stored("site/#");
    assertThat(stored).hasSize(150);
    assertThat(stored.stream().map(StoredMessage::body).distinct()).hasSize(150);
    assertThat(stored)
        .allSatisfy(message ->
            assertThat(message.headers())
                .containsEntry("host", "box")
                .containsEntry("severity", "warning")
                .containsEntry("unit", "app.service"));
  }

  /// A journal file as systemd writes them, of entries in its export format.
  private void write(Path file, int from, int to) throws IOException {
    StringBuilder export = new StringBuilder();
    for (int i = from; i < to; i++) {
      export.append(
          """
          __REALTIME_TIMESTAMP=%d
          __MONOTONIC_TIMESTAMP=%d
          _BOOT_ID=5f3c1f2b6a5e4bb79d6c2c6e6a1b2c3d
          PRIORITY=4
          _HOSTNAME=box
          _SYSTEMD_UNIT=app.service
          MESSAGE=entry %d

          """
              .formatted(1_732_550_400_000_000L + i * 1000L, 1000L + i, i));
    }
    Path source = Files.writeString(directory.resolve("export-" + from), export);
    Command.require(JOURNAL_REMOTE, "-o", file.toString(), source.toString());
  }

  private Member configured(String inputs) throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("edge.yaml"), "version: 1\nedge:\n  inputs: [" + inputs + "]\n");
    Member edge = site.addEdge("e", "site/sources", "--config", config.toString());
    return edge.awaitReady();
  }

  private double sum(String name) throws IOException {
    return values(name).stream().mapToDouble(Double::doubleValue).sum();
  }

  /// The samples of a series, one an interval.
  private List<Double> values(String name) throws IOException {
    return text(site.stored("site/#"))
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> Double.valueOf(line.split(" ", -1)[1]))
        .toList();
  }

  private static String text(List<StoredMessage> messages) {
    return messages.stream().map(StoredMessage::body).collect(Collectors.joining("\n"));
  }
}
