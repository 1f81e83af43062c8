package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Syslog from senders that someone else wrote: util-linux logger, rsyslog's omfwd and omrelp.
final class SyslogSendersTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private Site site;
  private int port;

  @BeforeEach
  void start() throws IOException {
    for (String tool : List.of("logger", "rsyslogd")) {
      assertThat(Command.isInstalled(tool))
          .as("%s: install rsyslog, rsyslog-relp and bsdutils", tool)
          .isTrue();
    }
    site = new Site(directory);
    site.startCore();
    port = Site.freePort();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void takesWhatLoggerSendsInEachFormatAndTransport() throws IOException {
    site.addEdge("e", "logs/site", "--syslog", "127.0.0.1:" + port).awaitReady();
    List<String> bodies = new ArrayList<>();
    for (String format : List.of("--rfc3164", "--rfc5424")) {
      for (String transport : List.of("--udp", "--tcp")) {
        for (String framing : List.of("plain", "--octet-count")) {
          String body = "text of " + format + " " + transport + " " + framing;
          List<String> words =
              new ArrayList<>(List.of("logger", "-n", "127.0.0.1", "-P", "" + port, "-i"));
          words.addAll(List.of("-t", "tagged", "-p", "daemon.warning", format, transport));
          if (!framing.equals("plain") && transport.equals("--tcp")) {
            words.add(framing);
          }
          words.add(body);
          Command.require(words.toArray(String[]::new));
          bodies.add(body);
        }
      }
    }

    List<StoredMessage> stored = awaitStored(bodies.size());

    for (String body : bodies) {
      assertThat(stored)
          .filteredOn(message -> message.body().endsWith(body))
          .as(body)
          .singleElement()
          .satisfies(message -> {
            assertThat(message.body()).startsWith("<28>");
            assertThat(message.headers())
                .containsEntry("facility", "daemon")
                .containsEntry("severity", "warning")
                .containsEntry("app", "tagged")
                .containsKey("host")
                .containsKey("procid");
            assertThat(message.headers().containsKey("sd.timeQuality.tzKnown"))
                .isEqualTo(body.contains("5424"));
          });
    }
  }

  @Test
  void takesWhatRsyslogForwards() throws IOException {
    site.addEdge("e", "logs/site", "--syslog", "127.0.0.1:" + port).awaitReady();
    Path input = Files.writeString(directory.resolve("app.log"), "");
    String target = "action(type=\"omfwd\" target=\"127.0.0.1\" port=\"%d\" protocol=\"%s\" %s)%n";
    String actions =
        target.formatted(port, "udp", "template=\"RSYSLOG_TraditionalForwardFormat\"")
            + target.formatted(port, "tcp", "template=\"RSYSLOG_SyslogProtocol23Format\"")
            + target.formatted(
                port, "tcp", "TCP_Framing=\"octet-counted\" template=\"RSYSLOG_ForwardFormat\"");
    try (Daemon rsyslog = rsyslog(input, actions)) {
      append(input, 0, 200);

      List<StoredMessage> stored = awaitStored(600);

      assertThat(stored).as(rsyslog.text()).hasSize(600);
      assertThat(stored)
          .allSatisfy(message ->
              assertThat(message.headers())
                  .containsEntry("app", "app")
                  .containsEntry("facility", "local3")
                  .containsEntry("severity", "info"));
    }
  }

  @Test
  void losesAndDoublesNothingOverRelpWhileTheEdgeIsRestarted() throws IOException {
    Member edge = site.addEdge("e", "logs/site", "--relp", "127.0.0.1:" + port).awaitReady();
    Path input = Files.writeString(directory.resolve("app.log"), "");
    String action =
        "action(type=\"omrelp\" target=\"127.0.0.1\" port=\"%d\" action.resumeInterval=\"1\""
            + " action.resumeRetryCount=\"-1\" template=\"RSYSLOG_SyslogProtocol23Format\")%n";
    try (Daemon rsyslog = rsyslog(input, action.formatted(port))) {
      append(input, 0, 2000);
      awaitStored(500);
      assertThat(edge.terminate()).isZero();
      append(input, 2000, 4000);
      edge.start().awaitReady();
      append(input, 4000, 5000);

      List<String> bodies = awaitStored(5000).stream().map(StoredMessage::body).toList();

      assertThat(new HashSet<>(bodies)).as(rsyslog.text()).hasSize(5000);
      assertThat(bodies).as(rsyslog.text()).hasSize(5000);
    }
  }

  @Test
  void losesNothingOverRelpWhenTheEdgeIsKilled() throws IOException {
    Member edge = site.addEdge("e", "logs/site", "--relp", "127.0.0.1:" + port).awaitReady();
    Path input = Files.writeString(directory.resolve("app.log"), "");
    String action =
        "action(type=\"omrelp\" target=\"127.0.0.1\" port=\"%d\" action.resumeInterval=\"1\""
            + " action.resumeRetryCount=\"-1\" template=\"RSYSLOG_SyslogProtocol23Format\")%n";
    try (Daemon rsyslog = rsyslog(input, action.formatted(port))) {
      append(input, 0, 3000);
      awaitStored(500);
      edge.kill();
      append(input, 3000, 4000);
      edge.start().awaitReady();

      eventually("all", DEADLINE, () -> distinct() == 4000);

      // What was stored and not yet answered is sent again: at most the client's window.
      assertThat(site.stored("logs/#")).as(rsyslog.text()).hasSizeBetween(4000, 4000 + 256);
    }
  }

  private int distinct() throws IOException {
    return new HashSet<>(site.stored("logs/#").stream().map(StoredMessage::body).toList()).size();
  }

  /// One that follows a file and does with its lines what the actions say.
  private Daemon rsyslog(Path input, String actions) throws IOException {
    Path work = Files.createDirectories(directory.resolve("rsyslog"));
    String text =
        """
        global(workDirectory="%s")
        module(load="imfile" mode="inotify")
        module(load="omrelp")
        input(type="imfile" file="%s" tag="app:" facility="local3" severity="info" ruleset="out")
        ruleset(name="out") {
        %s
        }
        """
            .formatted(work, input, actions);
    Path config = Files.writeString(directory.resolve("rsyslog.conf"), text);
    return Daemon.start(
        directory, "rsyslogd", "-n", "-f", config.toString(), "-i", work.resolve("pid").toString());
  }

  private static void append(Path file, int from, int to) throws IOException {
    StringBuilder lines = new StringBuilder();
    IntStream.range(from, to).forEach(i -> lines.append("line ").append(i).append('\n'));
    Files.write(
        file,
        lines.toString().getBytes(StandardCharsets.UTF_8),
        java.nio.file.StandardOpenOption.APPEND);
  }

  private List<StoredMessage> awaitStored(int count) {
    @Nullable List<StoredMessage>[] found = newArray();
    eventually(
        count + " messages are stored",
        DEADLINE,
        () -> {
          found[0] = site.stored("logs/#");
          return found[0].size() >= count;
        });
    return Objects.requireNonNull(found[0]);
  }

  @SuppressWarnings("unchecked") // an array of one list, to bring it out of the condition
  private static @Nullable List<StoredMessage>[] newArray() {
    return new List[1];
  }
}
