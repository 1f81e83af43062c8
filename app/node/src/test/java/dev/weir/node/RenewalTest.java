package dev.weir.node;

import static dev.weir.node.Guests.EXPIRED;
import static dev.weir.node.Guests.GOOD;
import static dev.weir.node.Guests.POWERLESS;
import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.ApiKey;
import dev.weir.auth.Identity;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.ClientConfig;
import dev.weir.client.Publisher;
import dev.weir.client.PublisherOptions;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Credentials that are renewed on a live connection, and logins that are refused.
@Timeout(120)
final class RenewalTest {
  private static final ApiKey.Fresh NEWER = Guests.key("anna", Identity.NEVER);

  @TempDir Path directory;
  private AuthCore core;

  @BeforeEach
  void open() throws IOException {
    core = new AuthCore(directory, Guests.book().with(NEWER.key()), Map.of());
  }

  @AfterEach
  void close() {
    core.close();
  }

  /// Keeps the texts and the close code of a socket.
  private static final class Heard implements WebSocket.Listener {
    final List<String> texts = new CopyOnWriteArrayList<>();
    volatile int code;

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      texts.add(text.toString());
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      code = status;
      return null;
    }
  }

  private WebSocket socket(HttpClient http, Heard heard) {
    return http.newWebSocketBuilder()
        .header("Authorization", "Bearer " + GOOD.text())
        .subprotocols("weir.json.v1")
        .buildAsync(URI.create("ws://" + core.node().address() + "/v1/ws"), heard)
        .join();
  }

  private static void say(WebSocket socket, Heard heard, String text, String expected) {
    socket.sendText(text, true).join();
    eventually(
        "it says " + expected,
        () -> heard.texts.stream().anyMatch(each -> each.contains(expected)));
  }

  private static String auth(String ref, String token) {
    return "{\"op\":\"auth\",\"ref\":\"" + ref + "\",\"token\":\"" + token + "\"}";
  }

  @Test
  void aSocketOutlivesTheKeyThatItBeganWith() throws IOException {
    HttpClient http = HttpClient.newHttpClient();
    try {
      Heard heard = new Heard();
      WebSocket socket = socket(http, heard);
      say(socket, heard, "{\"op\":\"attach\",\"id\":\"s\",\"filters\":[\"a/#\"]}", "attached");
      say(socket, heard, auth("1", NEWER.text()), "{\"op\":\"authorized\",\"ref\":\"1\"}");

      core.file().change(book -> book.with(GOOD.key().revoked()));
      say(socket, heard, "{\"op\":\"ping\",\"ref\":\"p\"}", "\"op\":\"pong\",\"ref\":\"p\"");
      core.node().broker().publish(Message.of("a/b", "still here")).toCompletableFuture().join();
      eventually(
          "its subscription goes on",
          () -> heard.texts.stream().anyMatch(each -> each.contains("still here")));
      core.file().change(book -> book.with(NEWER.key().revoked()));
      eventually("the newer one is taken back", () -> heard.code == 4401);
    } finally {
      http.shutdownNow();
    }
  }

  @Test
  void aTokenThatDoesNotDoLeavesTheSocketAsItWas() throws IOException {
    HttpClient http = HttpClient.newHttpClient();
    try {
      Heard heard = new Heard();
      WebSocket socket = socket(http, heard);
      say(socket, heard, auth("1", "nonsense"), "\"ref\":\"1\"");
      say(socket, heard, auth("2", EXPIRED.text()), "WEIR-3005");
      say(socket, heard, auth("3", POWERLESS.text()), "another user");
      say(socket, heard, "{\"op\":\"auth\",\"ref\":\"4\"}", "'token' is missing");
      say(
          socket,
          heard,
          "{\"op\":\"publish\",\"ref\":\"5\",\"message\":{\"topic\":\"a/b\",\"body\":\"x\"}}",
          "\"op\":\"receipt\",\"ref\":\"5\"");
      assertThat(heard.texts).noneMatch(text -> text.contains(POWERLESS.text()));

      core.file().change(book -> book.with(GOOD.key().revoked()));
      eventually("it ends with its key", () -> heard.code == 4401);
    } finally {
      http.shutdownNow();
    }
  }

  private WeirClient client(AtomicReference<String> token) {
    return client("weir", token);
  }

  private WeirClient client(String scheme, AtomicReference<String> token) {
    return WeirClient.connect(
        ClientConfig.of(URI.create(scheme + "://" + core.node().address()))
            .withConnect(Duration.ofSeconds(20))
            .withPublisher(PublisherOptions.DEFAULT.withDrain(Duration.ofMinutes(5)))
            .withToken(token::get));
  }

  private static ErrorCode code(WeirClient client) {
    try {
      client.publish(Message.of("a/b", "1"));
    } catch (WeirException e) {
      return e.code();
    }
    throw new AssertionError("it was stored");
  }

  @ParameterizedTest
  @ValueSource(strings = {"weir", "wire", "grpc"})
  void aPublisherWhoseLoginIsRefusedIsToldWhy(String scheme) {
    try (WeirClient client = client(scheme, new AtomicReference<>(EXPIRED.text()))) {
      assertThat(code(client)).isEqualTo(ErrorCode.CREDENTIALS_EXPIRED);
      assertThat(code(client)).as("and again").isEqualTo(ErrorCode.CREDENTIALS_EXPIRED);
      try (Publisher publisher = client.publisher(PublisherOptions.DEFAULT)) {
        assertThatThrownBy(() -> publisher.publish(Message.of("a/b", "1")))
            .isInstanceOf(WeirException.class)
            .hasMessageNotContaining("WEIR-");
      }
    }
  }

  @Test
  void aPublisherWhoseTokenIsRenewedGoesOn() throws IOException {
    AtomicReference<String> token = new AtomicReference<>(GOOD.text());
    try (WeirClient client = client(token)) {
      client.publish(Message.of("a/b", "1"));
      token.set(NEWER.text());
      core.file().change(book -> book.with(GOOD.key().revoked()));

      assertThat(client.publish(Message.of("a/b", "2")).position().offset()).isPositive();
    }
  }
}
