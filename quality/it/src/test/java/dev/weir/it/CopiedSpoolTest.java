package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two edges from copies of one spool. Both number their own frames from where the copy was made;
/// whichever comes second must not take the other's frames for its own: it stops sending, says why,
/// and keeps all it has.
final class CopiedSpoolTest {
  private static final Duration RECOVERY = Duration.ofSeconds(60);
  private static final Pattern TWO_SENDERS = Pattern.compile("WEIR-3003");

  @TempDir private Path directory;

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void theCopyStopsWhenTheOriginalWentOn() throws Exception {
    secondStops("original", "copy");
  }

  @Test
  void theOriginalStopsWhenItsCopyWentOn() throws Exception {
    secondStops("copy", "original");
  }

  private void secondStops(String first, String second) throws Exception {
    try (Site site = new Site(directory)) {
      site.startCore();
      site.relay().cut();
      collect(site, "original", "both", 10).terminate();
      Command.require("cp", "-a", site.spool("original").toString(), site.spool("copy").toString());

      site.relay().mend();
      Member earlier = collect(site, first, first, 20);
      eventually("the first is stored", RECOVERY, () -> site.stored("#").size() == 30);
      earlier.terminate();
      site.relay().cut();
      Member later = collect(site, second, second, 100);
      site.relay().mend();

      later.process().awaitError(TWO_SENDERS);
      assertThat(later.process().isAlive()).as("it goes on collecting").isTrue();
      later.terminate();
      List<String> expected = new ArrayList<>(bodies("both", 10));
      expected.addAll(bodies(second, 100));
      assertThat(export(site.spool(second))).isEqualTo(expected);
      assertThat(site.stored("#").stream().map(StoredMessage::body).toList())
          .hasSize(30)
          .noneMatch(body -> body.startsWith(second));
    }
  }

  /// Starts an edge and posts to it until all of it is in its spool.
  private Member collect(Site site, String name, String prefix, int count) throws Exception {
    int port = Site.freePort();
    Member edge =
        site.addEdge(name, "t", site.spool(name), Map.of(), "--http", "127.0.0.1:" + port);
    edge.awaitReady();
    for (String body : bodies(prefix, count)) {
      HttpRequest post =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
              .header("Content-Type", "text/plain")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      assertThat(client.send(post, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(200);
    }
    return edge;
  }

  private static List<String> bodies(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + " " + i).toList();
  }

  private List<String> export(Path spool) throws IOException {
    Launch launch = new Launch(directory.resolve("export-output"));
    try (WeirProcess export = launch.start("spool", "export", spool.toString())) {
      assertThat(export.awaitExit()).as(export.errorText()).isZero();
      return StoredMessage.readAll(export.output()).stream().map(StoredMessage::body).toList();
    }
  }
}
