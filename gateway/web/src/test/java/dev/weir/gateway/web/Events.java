package dev.weir.gateway.web;

import static dev.weir.testkit.Eventually.eventually;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// A reader of Server-Sent Events over the JDK's client, which knows lines and no events.
final class Events implements AutoCloseable {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> status = new CompletableFuture<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  Events(Door door, String query, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(door.uri("/v1/subscribe?" + query));
    if (headers.length > 0) {
      request.headers(headers);
    }
    CompletableFuture<HttpResponse<Stream<String>>> sent =
        client.sendAsync(request.build(), BodyHandlers.ofLines());
    CompletableFuture<HttpResponse<Stream<String>>> _ =
        sent.whenComplete((answer, failure) -> {
          if (failure != null) {
            status.completeExceptionally(failure);
          } else {
            status.complete(answer.statusCode());
            Thread.ofVirtual().start(() -> read(answer.body()));
          }
        });
  }

  private void read(Stream<String> body) {
    try (body) {
      body.forEach(lines::add);
    } catch (RuntimeException _) {
      // The connection was cut.
    } finally {
      end.complete(null);
    }
  }

  int status() {
    return status.join();
  }

  List<String> lines() {
    return lines;
  }

  private List<String> after(String prefix) {
    List<String> found = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith(prefix)) {
        found.add(line.substring(prefix.length()));
      }
    }
    return found;
  }

  List<String> ids() {
    return after("id: ");
  }

  List<String> names() {
    return after("event: ");
  }

  /// The bodies of the messages, which are texts without quotes.
  List<String> bodies() {
    return after("data: {\"topic\":").stream()
        .map(data -> data.replaceFirst(".*\"body\":\"", "").replaceFirst("\".*", ""))
        .toList();
  }

  Events awaitOpen() {
    eventually("the stream opens", () -> names().contains("opened"));
    return this;
  }

  Events awaitBodies(int count) {
    eventually(count + " messages", () -> bodies().size() >= count);
    return this;
  }

  void awaitEnd() {
    end.join();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
