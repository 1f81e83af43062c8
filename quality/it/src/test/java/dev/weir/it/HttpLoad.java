package dev.weir.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// A program that posts lines to an edge and waits for each answer. A 2xx is an ack for every line
/// of the post; whatever else comes, or nothing, is none, and the program goes on with new numbers,
/// so that no retry of its own can double a message. Each line is a JSON string.
final class HttpLoad extends Load {
  private static final int LINES_PER_POST = 5;
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  private final Ledger ledger;
  private final String source;
  private final URI edge;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private boolean isRefused;

  /// Posts to the edge that listens, or will listen again, on this loopback port.
  HttpLoad(Ledger ledger, String source, int port) {
    super("http-" + source);
    this.ledger = ledger;
    this.source = source;
    edge = URI.create("http://127.0.0.1:" + port + "/");
  }

  @Override
  void step() throws InterruptedException {
    StringBuilder lines = new StringBuilder();
    int last = 0;
    for (int i = 0; i < LINES_PER_POST; i++) {
      last = ledger.issue(source);
      lines.append('"').append(Ledger.body(source, last, 40 + last % 60)).append("\"\n");
    }
    isRefused = !isAccepted(lines.toString());
    if (!isRefused) {
      for (int number = last - LINES_PER_POST + 1; number <= last; number++) {
        ledger.ack(source, number);
      }
    }
  }

  /// The body as it was numbered, without the quotes of a posted JSON string.
  static String sent(StoredMessage message) {
    String body = message.body();
    return body.startsWith("\"") ? body.substring(1, body.length() - 1) : body;
  }

  private boolean isAccepted(String lines) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(edge)
            .header("Content-Type", "application/x-ndjson")
            .timeout(ANSWER_LIMIT)
            .POST(HttpRequest.BodyPublishers.ofString(lines))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() / 100 == 2;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  Duration pause() {
    return isRefused ? Duration.ofMillis(50) : Duration.ofMillis(3);
  }
}
