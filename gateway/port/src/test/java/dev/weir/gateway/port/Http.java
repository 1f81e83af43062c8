package dev.weir.gateway.port;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/// Requests of the JDK's client.
final class Http {
  private Http() {}

  static HttpResponse<String> get(HttpClient client, Port port, String path)
      throws IOException, InterruptedException {
    return client.send(to(port, path).build(), BodyHandlers.ofString());
  }

  static HttpRequest.Builder to(Port port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.port() + path));
  }
}
