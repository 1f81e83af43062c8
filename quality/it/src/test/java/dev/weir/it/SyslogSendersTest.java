package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Syslog from senders that someone else wrote: util-linux logger, rsyslog's omfwd and omrelp,
/// openssl's client.
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
    try (WeirProcess rsyslog = rsyslog(input, actions)) {
      append(input, 0, 200);

      List<StoredMessage> stored = awaitStored(600);

      assertThat(stored).as(rsyslog.describe()).hasSize(600);
      assertThat(stored)
          .allSatisfy(message ->
              assertThat(message.headers())
                  .containsEntry("app", "app")
                  .containsEntry("facility", "local3")
                  .containsEntry("severity", "info"));
    }
  }

  private String relpAction() {
    return "action(type=\"omrelp\" target=\"127.0.0.1\" action.resumeInterval=\"1\""
        + " action.resumeRetryCount=\"-1\" template=\"RSYSLOG_SyslogProtocol23Format\""
        + " port=\""
        + port
        + "\")\n";
  }

  @Test
  void losesAndDoublesNothingOverRelpWhileTheEdgeIsRestarted() throws IOException {
    Member edge = site.addEdge("e", "logs/site", "--relp", "127.0.0.1:" + port).awaitReady();
    Path input = Files.writeString(directory.resolve("app.log"), "");
    try (WeirProcess rsyslog = rsyslog(input, relpAction())) {
      append(input, 0, 2000);
      awaitStored(500);
      edge.terminate();
      append(input, 2000, 4000);
      edge.start().awaitReady();
      append(input, 4000, 5000);

      List<String> bodies = awaitStored(5000).stream().map(StoredMessage::body).toList();

      assertThat(new HashSet<>(bodies)).as(rsyslog.describe()).hasSize(5000);
      assertThat(bodies).as(rsyslog.describe()).hasSize(5000);
    }
  }

  @Test
  void losesNothingOverRelpWhenTheEdgeIsKilled() throws IOException {
    Member edge = site.addEdge("e", "logs/site", "--relp", "127.0.0.1:" + port).awaitReady();
    Path input = Files.writeString(directory.resolve("app.log"), "");
    try (WeirProcess rsyslog = rsyslog(input, relpAction())) {
      append(input, 0, 3000);
      awaitStored(500);
      edge.kill();
      append(input, 3000, 4000);
      edge.start().awaitReady();

      eventually("all", DEADLINE, () -> distinct() == 4000);

      // What was stored and not yet answered is sent again: at most the client's window.
      assertThat(site.stored("logs/#")).as(rsyslog.describe()).hasSizeBetween(4000, 4000 + 256);
    }
  }

  @Test
  void takesWhatComesInsideTlsFromClientsWithACertificateOnly() throws IOException {
    int open = Site.freePort();
    String certificate = directory.resolve("cert.pem").toString();
    String key = directory.resolve("key.pem").toString();
    makeCertificate(certificate, key);
    String tls = "tls: {certificate: %s, key: %s".formatted(certificate, key);
    String inputs =
        "{type: syslog, protocol: tcp, listen: 127.0.0.1:%d, %s}},".formatted(open, tls)
            + "{type: syslog, protocol: tcp, listen: 127.0.0.1:%d, %s, clientCa: %s}}"
                .formatted(port, tls, certificate);
    Path config =
        Files.writeString(
            directory.resolve("edge.yaml"), "version: 1\nedge:\n  inputs: [" + inputs + "]\n");
    site.addEdge("e", "logs/site", "--config", config.toString()).awaitReady();

    String client = "printf '<13>%s\\n' | openssl s_client -connect 127.0.0.1:%d -CAfile %s %s";
    String own = "-cert " + certificate + " -key " + key;
    Command.run("sh", "-c", client.formatted("stranger", port, certificate, "-no_ign_eof"));
    Command.run("sh", "-c", client.formatted("known", port, certificate, own));
    Command.run("sh", "-c", client.formatted("anyone", open, certificate, "-no_ign_eof"));

    assertThat(awaitStored(2).stream().map(StoredMessage::body))
        .containsExactlyInAnyOrder("<13>known", "<13>anyone");
  }

  /// One that signs itself, for the server, its clients and as their authority.
  private static void makeCertificate(String certificate, String key) {
    List<String> words =
        new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-days", "2"));
    words.addAll(List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"));
    words.addAll(List.of("-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"));
    words.addAll(List.of("-keyout", key, "-out", certificate));
    Command.require(words.toArray(String[]::new));
  }

  private int distinct() throws IOException {
    return new HashSet<>(site.stored("logs/#").stream().map(StoredMessage::body).toList()).size();
  }

  /// One that follows a file and does with its lines what the actions say.
  private WeirProcess rsyslog(Path input, String actions) throws IOException {
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
        work,
        "rsyslog rsyslog-relp",
        List.of("rsyslogd", "-n", "-f", config.toString(), "-i", work.resolve("pid").toString()));
  }

  private static void append(Path file, int from, int to) throws IOException {
    StringBuilder lines = new StringBuilder();
    IntStream.range(from, to).forEach(i -> lines.append("line ").append(i).append('\n'));
    Files.write(file, lines.toString().getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
  }

  private List<StoredMessage> awaitStored(int count) {
    AtomicReference<List<StoredMessage>> found = new AtomicReference<>(List.of());
    eventually(
        count + " messages are stored",
        DEADLINE,
        () -> {
          found.set(site.stored("logs/#"));
          return found.get().size() >= count;
        });
    return found.get();
  }
}
