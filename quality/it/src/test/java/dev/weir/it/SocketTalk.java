package dev.weir.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A program at the core's WebSocket, in `weir.json.v1`, for as long as its connection lives. One
/// thread says and hears; texts come on the client's threads.
final class SocketTalk implements WebSocket.Listener, AutoCloseable {
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final StringBuilder part = new StringBuilder();
  private @Nullable WebSocket socket;
  private volatile boolean isOver;

  private SocketTalk() {}

  /// Connects; empty where nobody answers.
  static Optional<SocketTalk> open(HttpClient client, URI uri) {
    SocketTalk talk = new SocketTalk();
    try {
      talk.socket =
          client
              .newWebSocketBuilder()
              .connectTimeout(Duration.ofSeconds(5))
              .subprotocols("weir.json.v1")
              .buildAsync(uri, talk)
              .join();
    } catch (CompletionException _) {
      return Optional.empty();
    }
    return Optional.of(talk);
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
    isOver = true;
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable cause) {
    isOver = true;
  }

  /// Whether nothing more comes.
  boolean isOver() {
    return isOver && heard.isEmpty();
  }

  /// Says something; a lost connection shows in [#isOver].
  void say(String text) {
    WebSocket open = socket;
    try {
      if (open != null && !isOver) {
        open.sendText(text, true).join();
      }
    } catch (CompletionException | IllegalStateException _) {
      isOver = true;
    }
  }

  /// The next text, if one comes in time.
  Optional<String> hear(Duration patience) {
    try {
      return Optional.ofNullable(heard.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /// The next text that holds something; empty when the connection is lost before.
  Optional<String> hearOf(String expected) {
    Optional<String> next = Optional.empty();
    while (!isOver && !Thread.currentThread().isInterrupted()) {
      next = hear(Duration.ofMillis(200));
      if (next.isPresent() && next.get().contains(expected)) {
        return next;
      }
    }
    return heard.stream().filter(text -> text.contains(expected)).findFirst();
  }

  /// Drops the connection without a word.
  @Override
  public void close() {
    isOver = true;
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
  }
}
