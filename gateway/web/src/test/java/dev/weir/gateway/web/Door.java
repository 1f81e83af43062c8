package dev.weir.gateway.web;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.broker.LocalBroker;
import dev.weir.broker.LocalBrokerConfig;
import dev.weir.broker.embedded.EmbeddedEngine;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.gateway.port.OpsAnswer;
import dev.weir.gateway.port.Port;
import dev.weir.gateway.port.PortConfig;
import dev.weir.gateway.port.PortLimits;
import dev.weir.gateway.port.PortServices;
import dev.weir.gateway.web.http.Entrance;
import dev.weir.gateway.web.http.WebLimits;
import dev.weir.log.FileDisk;
import dev.weir.log.Retention;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A core with the doors of the web on a real port of the loopback, and a client of the JDK.
final class Door implements AutoCloseable {
  static final WebLimits LIMITS = WebLimits.of(ByteSize.ofMebibytes(1));

  final LocalBroker broker;
  final WebDoor web;
  final Port port;
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Door(Path directory) {
    this(directory, LIMITS);
  }

  Door(Path directory, WebLimits limits, String... origins) {
    this(EmbeddedEngineConfig.of(directory), limits, origins);
  }

  Door(EmbeddedEngineConfig config, WebLimits limits, String... origins) {
    try {
      EmbeddedEngine engine = EmbeddedEngine.open(config, new FileDisk(), Clock.SYSTEM);
      this.broker =
          LocalBroker.open(
              engine,
              Clock.SYSTEM,
              LocalBrokerConfig.defaults().withMaxMessageBytes(limits.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.web =
        new WebDoor(
            Entrance.open(broker),
            broker,
            Clock.SYSTEM,
            new WebConfig(List.of(origins), true, limits),
            Map.of("/livez", _ -> OpsAnswer.text(200, "ok\n")));
    this.port =
        Port.start(
            new PortConfig("127.0.0.1", 0, PortLimits.DEFAULT),
            PortServices.of(Map.of()).withHttp(web::open));
  }

  /// A log whose segments are small and go early.
  static EmbeddedEngineConfig forgetful(Path directory) {
    return EmbeddedEngineConfig.of(directory)
        .withSizes(ByteSize.ofMebibytes(1), ByteSize.ofMebibytes(1))
        .withRetention(
            new Retention(
                ByteSize.ofMebibytes(2), Retention.FOREVER.age(), new ByteSize(0), false));
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port.port() + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
  }

  HttpResponse<String> get(String path) {
    return send(request(path).build());
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        request(path)
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Receipt publish(String topic, String body) {
    return broker.publish(Message.of(topic, body)).toCompletableFuture().join();
  }

  /// A connection without a client's manners; reads end after 20 s.
  Socket socket() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /// A request's head, line by line.
  static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  /// What comes back for some bytes, to the end of the connection.
  String exchange(String text) {
    try (Socket socket = socket()) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    web.close();
    port.close();
    broker.close();
  }
}
