package dev.weir.it;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A program that posts lines to an edge and waits for each answer. A 2xx is an ack for every line
/// of the post; whatever else comes, or nothing, is none, and the program goes on with new numbers,
/// so that no retry of its own can double a message. Each line is a JSON string.
final class HttpLoad extends Load {
  private static final int LINES_PER_POST = 5;
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

  private final Ledger ledger;
  private final String source;
  private final Supplier<@Nullable InetSocketAddress> edge;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private boolean isRefused;

  HttpLoad(Ledger ledger, String source, Supplier<@Nullable InetSocketAddress> edge) {
    super("http-" + source);
    this.ledger = ledger;
    this.source = source;
    this.edge = edge;
  }

  @Override
  void step() throws InterruptedException {
    @Nullable InetSocketAddress address = edge.get();
    if (address == null) {
      isRefused = true;
      return;
    }
    StringBuilder lines = new StringBuilder();
    int last = 0;
    for (int i = 0; i < LINES_PER_POST; i++) {
      last = ledger.issue(source);
      lines.append('"').append(Ledger.body(source, last, 40 + last % 60)).append("\"\n");
    }
    isRefused = !isAccepted(address, lines.toString());
    if (!isRefused) {
      for (int number = last - LINES_PER_POST + 1; number <= last; number++) {
        ledger.ack(source, number);
      }
    }
  }

  private boolean isAccepted(InetSocketAddress address, String lines) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://" + address.getHostString() + ":" + address.getPort() + "/"))
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
    return isRefused ? Duration.ofMillis(50) : Duration.ofMillis(1);
  }
}
