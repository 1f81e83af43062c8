package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.client.Delivered;
import dev.weir.client.Start;
import dev.weir.client.Subscription;
import dev.weir.client.WeirClient;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The doors of the web on a core's one port, in a process of its own.
final class WebTest {
  @TempDir private Path directory;

  @Test
  void aSubscriptionGoesOnFromEventsToGrpcAndBackWithTheSameCursor() throws Exception {
    try (Site site = new Site(directory);
        HttpClient http = HttpClient.newHttpClient()) {
      site.startCore();
      String base = "http://" + site.core().server();
      for (int i = 0; i < 9; i++) {
        assertThat(post(http, base + "/v1/topics/web/" + i, "m" + i)).isEqualTo(200);
      }

      String afterThree = cursorBehind(http, base, "from=first", 3);
      String afterSix;
      try (WeirClient client = WeirClient.connect(URI.create("grpc://" + site.core().server()));
          Subscription subscription =
              client.subscribe("web/#", Start.from(Cursor.parse(afterThree)))) {
        Delivered last = null;
        for (int i = 3; i < 6; i++) {
          last = subscription.poll(Duration.ofSeconds(20)).orElseThrow();
          assertThat(last.text()).isEqualTo("m" + i);
        }
        afterSix = last.cursor().token();
        client.publish(Message.of("web/9", "m9"));
      }

      String rest = get(http, base + "/v1/topics/web/%23?from=" + afterSix);
      assertThat(rest).contains("\"body\":\"m6\"", "\"body\":\"m9\"").doesNotContain("m5");
      assertThat(get(http, base + "/metrics"))
          .contains("weir_web_messages_published_total 9.0")
          .contains("weir_web_answers_total{class=\"success\"}");
      assertThat(get(http, base + "/readyz")).contains("ok");
    }
  }

  private static int post(HttpClient http, String uri, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri)).POST(BodyPublishers.ofString(body)).build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  private static String get(HttpClient http, String uri) throws Exception {
    return http.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString())
        .body();
  }

  /// The id of the last of some messages of a stream of events.
  private static String cursorBehind(HttpClient http, String base, String from, int count)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + "/v1/subscribe?filter=web/%23&" + from)).build();
    HttpResponse<Stream<String>> answer = http.send(request, BodyHandlers.ofLines());
    try (Stream<String> body = answer.body()) {
      Iterator<String> lines = body.iterator();
      String id = "";
      int seen = 0;
      while (seen < count) {
        String line = lines.next();
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.contains("\"body\":\"m")) {
          seen++;
        }
      }
      return id;
    }
  }
}
