package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Debian's Prometheus writing to an edge, and an edge scraping what Prometheus scrapes.
final class PrometheusTest {
  private static final Pattern POINT = Pattern.compile("\\[([0-9]+(?:\\.[0-9]+)?),\"");

  @TempDir private Path directory;

  private final List<WeirProcess> daemons = new ArrayList<>();
  private Site site;

  @BeforeEach
  void start() throws IOException {
    site = new Site(directory);
    site.startCore();
  }

  @AfterEach
  void stop() {
    daemons.forEach(WeirProcess::close);
    site.close();
  }

  @Test
  void keepsEverySampleThatPrometheusWritesWhileTheCoreDies() throws IOException {
    int port = Site.freePort();
    site.addEdge("write", "prometheus", "--remote-write", "127.0.0.1:" + port).awaitReady();
    String api = startPrometheus("http://127.0.0.1:" + port + "/api/v1/write");

    awaitSamples(api, 5);
    site.core().kill();
    awaitSamples(api, 10);
    site.startCore();
    awaitSamples(api, 15);

    Set<Long> scraped = scraped(api);
    eventually("every sample is at the core", () -> stored().containsAll(scraped));
    List<Long> times = stored();
    assertThat(times).doesNotHaveDuplicates().isSorted();
    StoredMessage first = site.stored("prometheus").getFirst();
    assertThat(first.headers()).containsEntry("remote-write", "1.0");
    assertThat(first.contentType())
        .isEqualTo("application/x-protobuf;proto=prometheus.WriteRequest");
  }

  @Test
  void keepsEverySampleThatPrometheusWritesWhileTheEdgeDies() throws IOException {
    int port = Site.freePort();
    Member edge = site.addEdge("write", "prometheus", "--remote-write", "127.0.0.1:" + port);
    edge.awaitReady();
    String api = startPrometheus("http://127.0.0.1:" + port + "/api/v1/write");

    awaitSamples(api, 5);
    edge.kill();
    edge.start().awaitReady();
    awaitSamples(api, 12);

    Set<Long> scraped = scraped(api);
    eventually("every sample is at the core", () -> stored().containsAll(scraped));
    assertThat(stored()).doesNotHaveDuplicates();
  }

  @Test
  void takesVersionTwoAndStoresARetryOnce() throws IOException, InterruptedException {
    int port = Site.freePort();
    site.addEdge("write", "v2", "--remote-write", "127.0.0.1:" + port).awaitReady();
    byte[] request = WriteRequest.versionTwo("up", "größe", 1.5, 1_767_225_600_000L);

    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < 2; i++) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/write"))
                    .header(
                        "Content-Type",
                        "application/x-protobuf;proto=io.prometheus.write.v2.Request")
                    .header("Content-Encoding", "snappy")
                    .header("X-Prometheus-Remote-Write-Version", "2.0.0")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(WriteRequest.snappy(request)))
                    .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(answer.headers().firstValue("X-Prometheus-Remote-Write-Samples-Written"))
            .contains("1");
      }
    }

    eventually("it is at the core", () -> !site.stored("v2").isEmpty());
    assertThat(site.stored("v2"))
        .singleElement()
        .satisfies(message -> {
          assertThat(message.bytes()).isEqualTo(request);
          assertThat(message.headers())
              .containsEntry("remote-write", "2.0")
              .containsEntry("samples", "1");
        });
  }

  @Test
  void scrapesAnExporterAndSaysWhenItIsGone() throws IOException {
    int port = Site.freePort();
    WeirProcess exporter =
        Daemon.start(
            directory.resolve("exporter"),
            "prometheus-node-exporter",
            List.of("prometheus-node-exporter", "--web.listen-address=127.0.0.1:" + port));
    daemons.add(exporter);
    Path config = directory.resolve("scrape.yaml");
    Files.writeString(
        config,
        """
        version: 1
        edge:
          inputs:
            - type: scrape
              targets: ["http://127.0.0.1:%d/metrics"]
              job: node
              interval: 1s
              timeout: 1s
        """
            .formatted(port));
    site.addEdge("scrape", "node", "--config", config.toString()).awaitReady();

    eventually("a page is at the core", () -> hasLine("up", " 1 "));
    site.core().kill();
    exporter.kill();
    site.startCore();
    eventually("the exporter is down", () -> hasLine("up", " 0 "));

    assertThat(hasLine("node_load1", " ")).isTrue();
    for (StoredMessage message : site.stored("node")) {
      assertThat(message.contentType()).isEqualTo("text/plain; version=0.0.4");
      assertThat(message.headers()).containsEntry("instance", "127.0.0.1:" + port);
      assertThat(message.bytes().length).isLessThan(70_000);
      requireReadable(message);
    }
  }

  /// Debian's promtool reads it: status 3 is for names that it would not have chosen.
  private void requireReadable(StoredMessage message) throws IOException {
    Path page = Files.createTempFile(directory, "page-", ".txt");
    Files.write(page, message.bytes());
    Command done = Command.run("sh", "-c", "promtool check metrics < " + page);
    assertThat(done.status()).as(done.output()).isIn(0, 3);
    assertThat(done.output()).doesNotContain("error while linting");
  }

  private boolean hasLine(String metric, String part) throws IOException {
    return site.stored("node").stream()
        .flatMap(message -> message.body().lines())
        .anyMatch(line -> line.startsWith(metric + "{") && line.contains("}" + part));
  }

  /// Starts a Prometheus that scrapes itself twice a second and writes remotely.
  ///
  /// @return its address
  private String startPrometheus(String writeTo) throws IOException {
    int port = Site.freePort();
    Path config = directory.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global:
          scrape_interval: 500ms
          scrape_timeout: 500ms
        scrape_configs:
          - job_name: self
            static_configs:
              - targets: ["127.0.0.1:%d"]
        remote_write:
          - url: %s
            queue_config:
              batch_send_deadline: 200ms
              min_backoff: 50ms
              max_backoff: 200ms
        """
            .formatted(port, writeTo));
    daemons.add(
        Daemon.start(
            directory.resolve("prometheus"),
            "prometheus",
            List.of(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port)));
    return "http://127.0.0.1:" + port;
  }

  private static void awaitSamples(String api, int count) {
    eventually("Prometheus has " + count + " samples", () -> scraped(api).size() >= count);
  }

  /// The times of the samples of `up` that Prometheus itself keeps, in milliseconds.
  private static Set<Long> scraped(String api) {
    String query = URLEncoder.encode("up{job=\"self\"}[1h]", StandardCharsets.UTF_8);
    String answer = Daemon.page(api + "/api/v1/query?query=" + query);
    Set<Long> times = new TreeSet<>();
    POINT
        .matcher(answer)
        .results()
        .forEach(point -> times.add(Math.round(Double.parseDouble(point.group(1)) * 1000)));
    return times;
  }

  /// The times of the samples of `up` that the core keeps.
  private List<Long> stored() throws IOException {
    List<Long> times = new ArrayList<>();
    for (StoredMessage message : site.stored("prometheus")) {
      for (WriteRequest.Sample sample : WriteRequest.samples(message.bytes())) {
        if ("up".equals(sample.labels().get("__name__"))) {
          times.add(sample.timeMillis());
        }
      }
    }
    return times;
  }
}
