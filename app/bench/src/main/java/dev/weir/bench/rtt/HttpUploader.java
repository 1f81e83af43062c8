package dev.weir.bench.rtt;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Uploads as POST requests of the JDK's client.
final class HttpUploader implements Uploader {
  private final HttpClient client;
  private final Version version;
  private final URI target;

  /// HTTP/2 without TLS begins as HTTP/1.1, and Jetty does not change it with a request that has a
  /// body: so that the connection is one of HTTP/2, a small GET goes first, here.
  HttpUploader(InetSocketAddress address, Version version) {
    this.version = version;
    this.target =
        URI.create("http://" + address.getHostString() + ":" + address.getPort() + "/upload");
    this.client = HttpClient.newBuilder().version(version).build();
    if (version == Version.HTTP_2) {
      send(HttpRequest.newBuilder(target).GET().build(), 0).join();
    }
  }

  @Override
  public CompletableFuture<Void> upload(int bytes) {
    return send(
        HttpRequest.newBuilder(target)
            .POST(BodyPublishers.ofByteArray(RttClient.BODY, 0, bytes))
            .build(),
        bytes);
  }

  private CompletableFuture<Void> send(HttpRequest request, int bytes) {
    return client
        .sendAsync(request, BodyHandlers.ofByteArray())
        .thenAccept(response -> {
          boolean isGood =
              response.version() == version && Arrays.equals(response.body(), Upload.answer(bytes));
          if (!isGood) {
            throw new CompletionException(new IOException("unexpected: " + response));
          }
        });
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
