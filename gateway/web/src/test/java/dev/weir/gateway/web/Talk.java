package dev.weir.gateway.web;

import static dev.weir.testkit.Eventually.eventuallyPresent;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A talk over the JDK's WebSocket.
final class Talk implements WebSocket.Listener, AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder part = new StringBuilder();
  private final boolean isReading;
  private final WebSocket socket;
  private volatile String reason = "";

  Talk(Door door) {
    this(door, true);
  }

  /// @param isReading false for a client that never reads
  Talk(Door door, boolean isReading) {
    this.isReading = isReading;
    this.socket =
        client
            .newWebSocketBuilder()
            .subprotocols("weir.json.v1")
            .buildAsync(URI.create("ws://127.0.0.1:" + door.port.port() + "/v1/ws"), this)
            .join();
    if (isReading) {
      hear("\"op\":\"welcome\"");
    }
  }

  @Override
  public void onOpen(WebSocket opened) {
    if (isReading) {
      opened.request(1);
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
    part.append(text);
    if (isLast) {
      heard.add(part.toString());
      part.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String why) {
    reason = why;
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable cause) {
    closed.complete(-1);
  }

  WebSocket socket() {
    return socket;
  }

  void say(String text) {
    socket.sendText(text, true).join();
  }

  /// The next text, which must hold something.
  String hear(String expected) {
    String next =
        eventuallyPresent(
            "something is said",
            () -> {
              try {
                return heard.poll(1, TimeUnit.MILLISECONDS);
              } catch (InterruptedException e) {
                throw new CompletionException(e);
              }
            });
    if (!next.contains(expected)) {
      throw new AssertionError("expected " + expected + ", heard " + next);
    }
    return next;
  }

  int closeCode() {
    return closed.join();
  }

  String reason() {
    return reason;
  }

  void sayBinary() {
    socket.sendBinary(ByteBuffer.wrap(new byte[] {1, 2, 3}), true).join();
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
  }
}
