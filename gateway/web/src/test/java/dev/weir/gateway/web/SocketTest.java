package dev.weir.gateway.web;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.broker.QueueSpec;
import dev.weir.testkit.ByteMutator;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SocketTest {
  @TempDir Path directory;
  private Door door;

  @BeforeEach
  void open() {
    door = new Door(directory);
  }

  @AfterEach
  void close() {
    door.close();
  }

  private static String cursor(String text) {
    return text.replaceAll(".*\"cursor\":\"([^\"]*)\".*", "$1");
  }

  private static String lease(String text) {
    return text.replaceAll(".*\"lease\":\"([^\"]*)\".*", "$1");
  }

  @Test
  void publishesAndHearsWhatItIsAttachedTo() {
    try (Talk talk = new Talk(door)) {
      talk.say("{\"op\":\"attach\",\"id\":\"s\",\"filters\":[\"a/#\"]}");
      talk.hear("\"op\":\"attached\",\"id\":\"s\",\"cursor\":\"w1");
      talk.say("{\"op\":\"publish\",\"ref\":\"p\",\"message\":{\"topic\":\"b\",\"body\":\"no\"}}");
      talk.hear("\"op\":\"receipt\",\"ref\":\"p\",\"durability\":\"durable\"");
      door.publish("a/b", "yes");

      talk.hear("\"body\":\"yes\"");
      talk.say("{\"op\":\"ping\",\"ref\":\"1\"}");
      talk.hear("{\"op\":\"pong\",\"ref\":\"1\"}");
    }
    eventually("it is cleared away", () -> door.web.stats().sockets() == 0);
    eventually("the subscription ends", () -> door.broker.stats().subscriptions().isEmpty());
  }

  @Test
  void continuesWhereAnotherSocketWasDetached() {
    for (int i = 0; i < 6; i++) {
      door.publish("a", "m" + i);
    }
    String cursor;
    try (Talk talk = new Talk(door)) {
      talk.say(
          "{\"op\":\"attach\",\"id\":\"s\",\"filters\":[\"a\"],\"from\":\"first\",\"credit\":2}");
      talk.hear("attached");
      talk.hear("\"body\":\"m0\"");
      talk.hear("\"body\":\"m1\"");
      talk.say("{\"op\":\"credit\",\"id\":\"s\",\"credit\":3}");
      talk.hear("\"body\":\"m2\"");
      talk.say("{\"op\":\"detach\",\"id\":\"s\"}");
      cursor = cursor(talk.hear("\"op\":\"detached\",\"id\":\"s\""));
    }
    try (Talk talk = new Talk(door)) {
      talk.say(
          "{\"op\":\"attach\",\"id\":\"t\",\"filters\":[\"a\"],\"endAtTail\":true,\"from\":\""
              + cursor
              + "\"}");
      talk.hear("attached");
      talk.hear("\"body\":\"m3\"");
      talk.hear("\"body\":\"m4\"");
      talk.hear("\"body\":\"m5\"");
      talk.hear("\"op\":\"end\",\"id\":\"t\"");
    }
  }

  @Test
  void consumesAQueue() {
    door.broker.queues().create(QueueSpec.of("jobs")).toCompletableFuture().join();
    try (Talk talk = new Talk(door);
        Talk other = new Talk(door)) {
      talk.say("{\"op\":\"consume\",\"id\":\"q\",\"queue\":\"jobs\",\"prefetch\":1}");
      talk.hear("\"op\":\"consuming\",\"id\":\"q\"");
      for (int i = 0; i < 3; i++) {
        other.say(
            "{\"op\":\"publish\",\"queue\":\"jobs\",\"message\":{\"body\":{\"n\":" + i + "}}}");
        other.hear("receipt");
      }

      String first = talk.hear("{\\\"n\\\":0}");
      talk.say("{\"op\":\"ack\",\"id\":\"q\",\"ref\":\"r\",\"leases\":[\"" + lease(first) + "\"]}");
      String[] both = {talk.hear("\"op\":"), talk.hear("\"op\":")};
      assertThat(both).anyMatch(text -> text.contains("\"ref\":\"r\",\"settled\":1"));
      String second = both[0].contains("delivery\",") ? both[0] : both[1];
      talk.say(
          "{\"op\":\"extend\",\"id\":\"q\",\"time\":\"1m\",\"ref\":\"x\",\"leases\":[\""
              + lease(second)
              + "\"]}");
      talk.hear("\"ref\":\"x\",\"settled\":1");
      talk.say(
          "{\"op\":\"nack\",\"id\":\"q\",\"delay\":\"0s\",\"leases\":[\"" + lease(second) + "\"]}");
      talk.hear("\"op\":\"delivery\"");
      talk.say("{\"op\":\"ack\",\"id\":\"q\",\"leases\":[\"none\"]}");
      talk.hear("WEIR-8002");
    }
    eventually(
        "what it held goes to others",
        () -> door.get("/v1/queues/jobs").body().contains("\"length\":2,\"held\":0"));
  }

  @Test
  void tellsMistakesAndGoesOn() {
    try (Talk talk = new Talk(door)) {
      for (String mistake :
          List.of(
              "{\"op\":\"dance\"}",
              "{}",
              "{\"op\":\"attach\",\"id\":\"s\",\"filters\":[]}",
              "{\"op\":\"attach\",\"id\":\"s\",\"filters\":[\"a#\"]}",
              "{\"op\":\"attach\",\"filters\":[\"a\"]}",
              "{\"op\":\"credit\",\"id\":\"none\",\"credit\":1}",
              "{\"op\":\"consume\",\"id\":\"q\",\"queue\":\"none\"}",
              "{\"op\":\"consume\",\"id\":\"q\",\"queue\":\"none\",\"prefetch\":1000}",
              "{\"op\":\"publish\",\"message\":{\"topic\":\"+\"}}",
              "{\"op\":\"publish\",\"message\":{\"topic\":\"a\",\"size\":1}}",
              "{\"op\":\"ping\",\"ref\":\"" + "x".repeat(65) + "\"}")) {
        talk.say(mistake);
        assertThat(talk.hear("\"op\":\"error\"")).as(mistake).contains("\"code\":\"WEIR-");
      }
      talk.say("{\"op\":\"attach\",\"id\":\"s\",\"filters\":[\"a\"],\"from\":\"w1AAAA\"}");
      talk.hear("WEIR-7008");
      talk.say("{\"op\":\"ping\"}");
      talk.hear("pong");
    }
    assertThat(door.web.stats().faultyFrames()).isEqualTo(12);
  }

  @Test
  void closesWithACodeAndAReason() {
    try (Talk talk = new Talk(door)) {
      talk.say("no json");
      assertThat(talk.closeCode()).isEqualTo(1007);
      assertThat(talk.reason()).startsWith("WEIR-7002");
    }
    try (Talk talk = new Talk(door)) {
      talk.sayBinary();
      assertThat(talk.closeCode()).isEqualTo(1003);
    }
    try (Talk talk = new Talk(door)) {
      String large = "x".repeat(1 << 20);
      for (int i = 0; i < 5; i++) {
        talk.socket().sendText(large, false).exceptionally(_ -> talk.socket()).join();
      }
      assertThat(talk.closeCode()).isIn(1009, -1);
    }
    try (Talk talk = new Talk(door)) {
      talk.socket().sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
      assertThat(talk.closeCode()).isEqualTo(1000);
    }
    eventually("they are cleared away", () -> door.web.stats().sockets() == 0);
  }

  @Test
  void saysGoodbyeWhenTheCoreCloses() {
    try (Talk talk = new Talk(door)) {
      door.web.close();

      assertThat(talk.closeCode()).isEqualTo(1001);
    }
  }

  @Test
  void refusesForeignPagesAndUnknownProtocols() {
    HttpClient client = HttpClient.newHttpClient();
    URI uri = URI.create("ws://127.0.0.1:" + door.port.port() + "/v1/ws");
    WebSocket.Listener listener = new WebSocket.Listener() {};
    assertThatThrownBy(() ->
            client
                .newWebSocketBuilder()
                .header("Origin", "https://evil.example")
                .buildAsync(uri, listener)
                .join())
        .hasMessageContaining("WebSocketHandshakeException");
    assertThatThrownBy(() ->
            client
                .newWebSocketBuilder()
                .subprotocols("weir.bin.v9")
                .buildAsync(uri, listener)
                .join())
        .hasMessageContaining("WebSocketHandshakeException");
    client.shutdownNow();
    assertThat(door.web.stats().refusedOrigins()).isEqualTo(1);
    assertThat(door.web.stats().sockets()).isZero();
  }

  @Test
  void closesASocketThatGivesNoSignOfLife() throws IOException {
    try (Door quick =
            new Door(
                directory.resolve("quick"),
                Door.LIMITS.withTimes(
                    Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofMillis(50)));
        Socket mute = quick.socket()) {
      shake(mute);

      String heard = new String(mute.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

      assertThat(heard).startsWith("HTTP/1.1 101").contains("Nothing was heard");
      assertThat(quick.web.stats().slow()).isEqualTo(1);
    }
  }

  private static void shake(Socket socket) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(
        ("GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Test
  void holdsAClientThatStopsReading() {
    try (Talk stuck = new Talk(door, false)) {
      stuck.say("{\"op\":\"attach\",\"id\":\"s\",\"filters\":[\"a\"]}");
      eventually("it is attached", () -> !door.broker.stats().subscriptions().isEmpty());
      String body = "x".repeat(100_000);
      eventually(
          "it falls behind",
          () -> {
            door.publish("a", body);
            return door.broker.stats().subscriptions().getFirst().behindMessages() > 20;
          });

      assertThat(door.get("/livez").statusCode()).isEqualTo(200);
    }
    eventually("it is cleared away", () -> door.web.stats().sockets() == 0);
  }

  @Test
  void survivesDamagedFrames() throws IOException {
    List<byte[]> corpus =
        List.of(
            frame(0x81, "{\"op\":\"ping\",\"ref\":\"1\"}"),
            frame(0x81, "{\"op\":\"attach\",\"id\":\"s\",\"filters\":[\"a\"],\"from\":\"first\"}"),
            frame(0x81, "{\"op\":\"publish\",\"message\":{\"topic\":\"a\",\"body\":\"b\"}}"),
            frame(0x01, "{\"op\":"),
            frame(0x80, "\"ping\"}"),
            frame(0x89, "ping"),
            frame(0x88, "\u0003\u00e8"));
    ByteMutator mutator = new ByteMutator(Seeds.random("survivesDamagedFrames"), corpus);
    for (int i = 0; i < 300; i++) {
      try (Socket socket = door.socket()) {
        shake(socket);
        socket.getOutputStream().write(mutator.next());
        socket.getOutputStream().write(mutator.next());
        socket.shutdownOutput();
        InputStream in = socket.getInputStream();
        while (in.read() >= 0) {
          // Whatever it says, it ends.
        }
      } catch (SocketException _) {
        // It may reset what it does not understand.
      }
    }

    eventually("they are cleared away", () -> door.web.stats().sockets() == 0);
    eventually("the subscriptions end", () -> door.broker.stats().subscriptions().isEmpty());
    eventually("nothing is held", () -> door.web.stats().heldBytes() == 0);
    assertThat(door.get("/livez").statusCode()).isEqualTo(200);
  }

  /// A frame as a client masks it (RFC 6455 §5.2), with the key 0.
  private static byte[] frame(int head, String text) {
    byte[] payload = text.getBytes(StandardCharsets.ISO_8859_1);
    byte[] frame = new byte[payload.length + 6];
    frame[0] = (byte) head;
    frame[1] = (byte) (0x80 | payload.length);
    System.arraycopy(payload, 0, frame, 6, payload.length);
    return frame;
  }
}
