package dev.weir.it;

import dev.weir.base.Clock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A core's REST, events and sockets as the JDK's HTTP client uses them, behind a wire that stays
/// where it is while cores come and go. Any thread.
final class WebDoors implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(40);
  private static final int REFUSED_FOR_NOW = 500;
  private static final int TOO_MANY = 429;
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final String authority;

  /// @param authority host and port
  WebDoors(String authority) {
    this.authority = authority;
  }

  private HttpRequest request(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + authority + path))
            .timeout(ANSWER)
            .method(method, BodyPublishers.ofString(body));
    return (headers.length == 0 ? request : request.headers(headers)).build();
  }

  /// One request, whatever its answer.
  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    return client.send(request(method, path, body, headers), BodyHandlers.ofString());
  }

  /// Says the same again until it is accepted: a program that publishes under an idempotency key.
  ///
  /// @return the body of the answer
  /// @throws AssertionError when it is refused for good, or not accepted within a claim's patience
  String insist(String method, String path, String body, String... headers)
      throws InterruptedException {
    long endNanos = Clock.SYSTEM.nanoTime() + Claim.PATIENCE.toNanos();
    String last;
    do {
      try {
        HttpResponse<String> answer = send(method, path, body, headers);
        int status = answer.statusCode();
        if (status / 100 == 2) {
          return answer.body();
        }
        last = status + " " + BLANKS.matcher(answer.body()).replaceAll(" ");
        if (status < REFUSED_FOR_NOW && status != TOO_MANY) {
          throw new AssertionError(method + " " + path + " was refused: " + last);
        }
      } catch (IOException e) {
        last = e.toString();
      }
      Load.waitFor(Duration.ofMillis(40));
    } while (Clock.SYSTEM.nanoTime() < endNanos);
    throw new AssertionError(method + " " + path + " was not accepted: " + last);
  }

  /// Lines of a stream of events, until the stream is closed or its connection is lost.
  Stream<String> events(String query) throws IOException, InterruptedException {
    HttpResponse<Stream<String>> answer =
        client.send(
            HttpRequest.newBuilder(URI.create("http://" + authority + "/v1/subscribe?" + query))
                .build(),
            BodyHandlers.ofLines());
    if (answer.statusCode() != 200) {
      answer.body().close();
      throw new IOException("events were refused with " + answer.statusCode());
    }
    return answer.body();
  }

  /// A socket, if the core takes one now.
  Optional<SocketTalk> socket() {
    return SocketTalk.open(client, URI.create("ws://" + authority + "/v1/ws"));
  }

  /// What the first group of a pattern holds at each match.
  static List<String> all(Pattern pattern, String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  /// What stands in a member of text; the bodies of campaigns need no escapes.
  static Pattern member(String name) {
    return Pattern.compile("\"" + name + "\":\"([^\"]*)\"");
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
