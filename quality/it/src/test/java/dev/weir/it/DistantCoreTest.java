package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.lab.Way;
import dev.weir.testkit.Seeds;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An edge with a backlog and a core 64 ms away: the window grows to what the path holds, a fixed
/// one of 1 MiB holds the link back, and the edge says so.
final class DistantCoreTest {
  private static final Duration ONE_WAY = Duration.ofMillis(32);
  private static final int LINES = 250_000;
  private static final Pattern METRICS = Pattern.compile("metrics at (http://\\S+/metrics)");

  @TempDir private Path directory;

  private Site site;
  private Path log;

  @BeforeEach
  void fillALog() throws IOException {
    site = new Site(directory);
    log = directory.resolve("app.log");
    RandomGenerator random = Seeds.random("DistantCoreTest");
    try (BufferedWriter writer = Files.newBufferedWriter(log)) {
      for (int line = 0; line < LINES; line++) {
        for (int word = 0; word < 16; word++) {
          writer.write(Long.toString(random.nextLong(), 36));
        }
        writer.newLine();
      }
    }
    for (Way direction : Way.values()) {
      site.relay().delay(direction, ONE_WAY);
    }
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void windowGrowsToWhatThePathHolds() throws IOException {
    URI metrics = edgeWithABacklog(Map.of());
    site.startCore();

    eventually("2 MiB", () -> metric(metrics, "weir_link_window_bytes") > (2 << 20));
    eventually("all is acked", () -> metric(metrics, "weir_spool_messages") == 0);
    double rttSeconds = metric(metrics, "weir_link_rtt_min_seconds");
    assertThat(rttSeconds).isBetween(0.064, 0.120);
    assertThat(metric(metrics, "weir_link_delivery_bytes_per_second"))
        .as("more than 1 MiB a round trip")
        .isGreaterThan((1 << 20) / 0.064);
  }

  @Test
  void fixedWindowOfOneMebibyteHoldsTheLinkBack() throws IOException {
    URI metrics =
        edgeWithABacklog(
            Map.of("WEIR__EDGE__WINDOW__MODE", "fixed", "WEIR__EDGE__WINDOW__BYTES", "1MiB"));
    site.startCore();

    eventually(
        "the window holds it back",
        () -> metric(metrics, "weir_link_limited_ratio{by=\"window\"}") > 0.5);
    assertThat(metric(metrics, "weir_link_window_bytes")).isEqualTo(1 << 20);
    assertThat(metric(metrics, "weir_link_inflight_bytes")).isLessThanOrEqualTo(1 << 20);
  }

  private URI edgeWithABacklog(Map<String, String> environment) throws IOException {
    Member edge =
        site.addEdge("tail", "app", site.spool("tail"), environment, "--tail", log.toString());
    Matcher ready = edge.process().awaitError(METRICS);
    URI metrics = URI.create(ready.group(1));
    eventually("everything is spooled", () -> metric(metrics, "weir_spool_messages") == LINES);
    return metrics;
  }

  private static double metric(URI page, String name) throws IOException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      String text =
          client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).body();
      Matcher line =
          Pattern.compile("^" + Pattern.quote(name) + " (\\S+)$", Pattern.MULTILINE).matcher(text);
      assertThat(line.find()).as(name + " in " + text).isTrue();
      return Double.parseDouble(line.group(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
