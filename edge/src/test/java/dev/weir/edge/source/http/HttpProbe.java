package dev.weir.edge.source.http;

import dev.weir.base.Bytes;
import dev.weir.edge.source.Source;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/// Posts to a source that listens for HTTP.
public final class HttpProbe implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final Source source;

  public HttpProbe(Source source) {
    this.source = source;
  }

  /// A request with pairs of header names and values.
  public HttpRequest post(String path, Bytes body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(
                    body.array(), body.arrayOffset(), body.length()));
    return headers.length == 0 ? request.build() : request.headers(headers).build();
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + source.port().orElseThrow() + path);
  }

  public CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request) {
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  /// The answer to a request that is not stored.
  public HttpResponse<byte[]> answer(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
