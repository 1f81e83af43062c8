package dev.weir.gateway.web;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.broker.IncomingRequest;
import dev.weir.broker.Requests;
import dev.weir.broker.Responder;
import dev.weir.broker.Responding;
import dev.weir.message.Message;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RequestsTest {
  @TempDir Path directory;
  private Door door;

  /// Replies at once, or never.
  private static final class Server implements Responder {
    final List<IncomingRequest> requests = new CopyOnWriteArrayList<>();
    private final Responding responding;
    private final Message reply;

    Server(Requests requests, String filter, Message reply) {
      this.reply = reply;
      this.responding = requests.respond(TopicFilter.parse(filter), 0, this);
      responding.capacity(100);
    }

    @Override
    public void deliver(IncomingRequest request) {
      requests.add(request);
      if (!reply.topic().equals("never")) {
        var _ = responding.reply(request.number(), reply);
      }
    }

    @Override
    public void ended(WeirException cause) {}
  }

  @BeforeEach
  void open() {
    door = new Door(directory);
  }

  @AfterEach
  void close() {
    door.close();
  }

  private Server serve(String filter, Message reply) {
    return new Server(door.broker.requests(), filter, reply);
  }

  private static String number(String text) {
    return text.replaceAll(".*\"request\":(\\d+).*", "$1");
  }

  @Test
  void aReplyIsTheAnswersBody() {
    Server server =
        serve(
            "svc/+",
            Message.of("-", "gr\u00fc\u00df dich")
                .withContentType("text/plain; charset=utf-8")
                .withHeaders(Map.of("h", "\u00e4", "no name", "1", "evil", "a\r\nset-cookie: b")));
    HttpResponse<String> answer =
        door.post("/v1/requests/svc/a?timeout=10s", "?", "Weir-Header-X", "y", "Weir-Key", "k");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("gr\u00fc\u00df dich");
    assertThat(answer.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
    assertThat(
            answer
                .headers()
                .firstValue("weir-header-h")
                .orElse("")
                .getBytes(StandardCharsets.ISO_8859_1))
        .isEqualTo("\u00e4".getBytes(StandardCharsets.UTF_8));
    assertThat(answer.headers().firstValue("content-security-policy")).contains("sandbox");
    assertThat(answer.headers().map().keySet())
        .doesNotContain("set-cookie", "weir-header-evil", "weir-header-no name");
    Message seen = server.requests.getFirst().message();
    assertThat(seen.topic()).isEqualTo("svc/a");
    assertThat(seen.headers()).containsEntry("x", "y");
    assertThat(seen.key()).isEqualTo(Bytes.utf8("k"));
    assertThat(door.broker.stats().storedMessages()).isZero();
  }

  @Test
  void saysWhyThereIsNoReply() {
    HttpResponse<String> nobody = door.post("/v1/requests/svc/a", "?");
    assertThat(nobody.statusCode()).isEqualTo(503);
    assertThat(nobody.headers().firstValue("retry-after")).isPresent();
    assertThat(nobody.body()).contains("\"code\":\"WEIR-8101\"", "Nobody answers");

    serve("svc/a", Message.of("never", ""));
    HttpResponse<String> late = door.post("/v1/requests/svc/a?timeout=20ms", "?");
    assertThat(late.statusCode()).isEqualTo(504);
    assertThat(late.body()).contains("WEIR-2002");
    assertThat(door.post("/v1/requests/svc/a?timeout=0s", "?").statusCode()).isEqualTo(400);
    assertThat(door.post("/v1/requests/svc/a?timeout=2m", "?").statusCode()).isEqualTo(400);
    assertThat(door.post("/v1/requests/a%23", "?").statusCode()).isEqualTo(400);
  }

  @Test
  void anAskerThatLeavesWithdrawsItsRequest() throws IOException {
    Server server = serve("svc", Message.of("never", ""));
    try (Socket socket = door.socket()) {
      socket
          .getOutputStream()
          .write(
              Door.head(
                      "POST /v1/requests/svc?timeout=60s HTTP/1.1", "Host: x", "Content-Length: 0")
                  .replace("Host: x", "Host: 127.0.0.1")
                  .getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      eventually("it is asked", () -> server.requests.size() == 1);
      assertThat(server.responding.inHand()).isEqualTo(1);
    }
    eventually("it is withdrawn", () -> server.responding.inHand() == 0);
  }

  @Test
  void socketsAskAndAnswer() {
    try (Talk asker = new Talk(door);
        Talk server = new Talk(door)) {
      server.say("{\"op\":\"serve\",\"id\":\"s\",\"filter\":\"svc/#\",\"capacity\":2}");
      server.hear("{\"op\":\"serving\",\"id\":\"s\",\"filter\":\"svc/#\"}");
      asker.say(
          "{\"op\":\"request\",\"ref\":\"1\",\"message\":{\"topic\":\"svc/a\",\"body\":\"?\"}}");
      String request = server.hear("\"op\":\"request\",\"id\":\"s\"");
      assertThat(request).contains("\"topic\":\"svc/a\"", "\"body\":\"?\"", "\"until\":");
      server.say(
          "{\"op\":\"reply\",\"id\":\"s\",\"request\":"
              + number(request)
              + ",\"message\":{\"body\":{\"a\":1}}}");
      assertThat(asker.hear("\"op\":\"reply\",\"ref\":\"1\""))
          .contains("{\\\"a\\\":1}", "application/json");

      asker.say("{\"op\":\"request\",\"ref\":\"2\",\"message\":{\"topic\":\"svc/a\"}}");
      server.say(
          "{\"op\":\"fail\",\"id\":\"s\",\"detail\":\"broken\",\"request\":"
              + number(server.hear("request"))
              + "}");
      asker.hear("\"op\":\"error\",\"ref\":\"2\"");
      asker.say("{\"op\":\"request\",\"ref\":\"3\",\"message\":{\"topic\":\"none\"}}");
      assertThat(asker.hear("\"op\":\"error\",\"ref\":\"3\"")).contains("WEIR-8101");
      asker.say("{\"op\":\"request\",\"ref\":\"4\",\"message\":{\"topic\":\"svc/a\"}}");
      server.hear("request");
    }
  }

  @Test
  void aSocketThatDiesTellsWhoAsked() {
    try (Talk asker = new Talk(door)) {
      try (Talk server = new Talk(door)) {
        server.say("{\"op\":\"serve\",\"id\":\"s\",\"filter\":\"svc\"}");
        server.hear("serving");
        asker.say("{\"op\":\"request\",\"ref\":\"1\",\"message\":{\"topic\":\"svc\"}}");
        server.hear("request");
      }
      assertThat(asker.hear("\"op\":\"error\",\"ref\":\"1\"")).contains("WEIR-8102");
    }
  }

  @Test
  void refusesWhatMakesNoSenseAndGoesOn() {
    try (Talk talk = new Talk(door)) {
      for (String text :
          List.of(
              "{\"op\":\"serve\",\"filter\":\"a\"}",
              "{\"op\":\"serve\",\"id\":\"s\"}",
              "{\"op\":\"serve\",\"id\":\"s\",\"filter\":\"a\",\"capacity\":257}",
              "{\"op\":\"reply\",\"id\":\"s\",\"request\":1,\"message\":{}}",
              "{\"op\":\"fail\",\"id\":\"s\"}",
              "{\"op\":\"request\"}",
              "{\"op\":\"request\",\"timeout\":\"0s\",\"message\":{\"topic\":\"a\"}}",
              "{\"op\":\"request\",\"message\":{\"topic\":\"a\"},\"colour\":\"red\"}")) {
        talk.say(text);
        assertThat(talk.hear("\"op\":\"error\"")).as(text).contains("WEIR-7");
      }
      talk.say("{\"op\":\"serve\",\"id\":\"s\",\"filter\":\"a\"}");
      talk.hear("serving");
      talk.say("{\"op\":\"attach\",\"id\":\"s\",\"filters\":[\"a\"]}");
      talk.hear("is taken");
      talk.say("{\"op\":\"detach\",\"id\":\"s\"}");
      talk.hear("detached");
      talk.say("{\"op\":\"request\",\"ref\":\"1\",\"message\":{\"topic\":\"a\"}}");
      talk.hear("WEIR-8101");
    }
  }
}
