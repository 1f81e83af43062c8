package dev.weir.gateway.web;

import static dev.weir.testkit.Eventually.eventuallyPresent;

import dev.weir.base.Bytes;
import dev.weir.gateway.web.json.CborReader;
import dev.weir.gateway.web.json.JsonFields;
import dev.weir.gateway.web.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A talk in `weir.bin.v1` over the JDK's WebSocket.
final class BinaryTalk implements WebSocket.Listener, AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final ConcurrentLinkedQueue<byte[]> heard = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final ByteArrayOutputStream part = new ByteArrayOutputStream();
  private final WebSocket socket;

  BinaryTalk(Door door) {
    socket =
        client
            .newWebSocketBuilder()
            .subprotocols("weir.bin.v1", "weir.json.v1")
            .buildAsync(URI.create("ws://127.0.0.1:" + door.port.port() + "/v1/ws"), this)
            .join();
  }

  WebSocket socket() {
    return socket;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean isLast) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    part.writeBytes(bytes);
    if (isLast) {
      heard.add(part.toByteArray());
      part.reset();
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String why) {
    closed.complete(code);
    return null;
  }

  void say(String op, UnaryOperator<JsonText> members) {
    say(members.apply(JsonText.cbor().beginObject().op(op)).endObject().bytes().toArray());
  }

  void say(byte[] frame) {
    socket.sendBinary(ByteBuffer.wrap(frame), true).join();
  }

  byte[] hearBytes() {
    return eventuallyPresent("something is said", heard::poll);
  }

  /// The next frame, which must say this.
  JsonFields hear(String op) {
    JsonFields fields = JsonFields.of("The frame", CborReader.read(Bytes.wrap(hearBytes())));
    if (!fields.requiredText("op").equals(op)) {
      throw new AssertionError(
          "expected " + op + ", heard " + fields.text("op") + " " + fields.any("problem"));
    }
    return fields;
  }

  int closeCode() {
    return closed.join();
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
  }
}
