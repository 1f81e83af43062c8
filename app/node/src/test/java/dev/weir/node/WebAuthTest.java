package dev.weir.node;

import static dev.weir.node.Guests.GOOD;
import static dev.weir.node.Guests.basic;
import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.ApiKey;
import dev.weir.auth.User;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.broker.QueueSpec;
import dev.weir.message.Message;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The web's doors of a core with `auth.file` against each kind of identity: REST, events, sockets.
@Timeout(60)
final class WebAuthTest {
  private static final String LEASES = "{\"leases\":[\"x\"]}";
  private static final long SOON_MICROS = 3_000_000;

  @TempDir Path directory;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private AuthCore core;

  @BeforeEach
  void start() throws IOException {
    core = new AuthCore(directory);
    core.node().broker().queues().create(QueueSpec.of("jobs")).toCompletableFuture().join();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    core.close();
  }

  private HttpRequest.Builder request(String path, String authorization) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + core.node().address() + path));
    return authorization.isEmpty() ? request : request.header("Authorization", authorization);
  }

  private HttpResponse<String> send(String method, String path, String body, String authorization)
      throws IOException, InterruptedException {
    return client.send(
        request(path, authorization)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private void refused(Shown shown, String method, String path, String body) throws Exception {
    HttpResponse<String> answer = send(method, path, body, shown.authorization());

    if (shown.mayBePaused(answer.body())) {
      assertThat(answer.statusCode()).isEqualTo(429);
      return;
    }
    assertThat(answer.statusCode()).as(method + " " + path).isEqualTo(shown.httpStatus());
    assertThat(answer.body()).contains(shown.code().label());
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(answer.headers().firstValue("www-authenticate").isPresent())
        .isEqualTo(!shown.isKnown());
  }

  private static String token(Shown shown) {
    return shown.authorization().replace("Bearer ", "");
  }

  private void publish(String topic, String body) {
    core.node().broker().publish(Message.of(topic, Bytes.utf8(body))).toCompletableFuture().join();
  }

  private long jobs() {
    return core.node().broker().queues().details("jobs").figures().length();
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void answersNoRequestOf(Shown shown) throws Exception {
    core.node()
        .broker()
        .queues()
        .publish("jobs", Message.of("-", "1"))
        .toCompletableFuture()
        .join();

    refused(shown, "POST", "/v1/topics/a/b", "hello");
    refused(shown, "GET", "/v1/topics/a/b", "");
    refused(shown, "GET", "/v1/queues/jobs", "");
    refused(shown, "PUT", "/v1/queues/others", "{}");
    refused(shown, "POST", "/v1/queues/jobs/messages", "hello");
    refused(shown, "GET", "/v1/queues/jobs/messages", "");
    refused(shown, "DELETE", "/v1/queues/jobs/messages", "");
    refused(shown, "POST", "/v1/queues/jobs/redrive?to=jobs", "");
    refused(shown, "POST", "/v1/queues/jobs/pull", "");
    for (String settling : List.of("ack", "nack", "reject")) {
      refused(shown, "POST", "/v1/queues/jobs/" + settling, LEASES);
    }
    refused(shown, "POST", "/v1/queues/jobs/extend", "{\"leases\":[\"x\"],\"time\":\"1s\"}");
    refused(shown, "DELETE", "/v1/queues/jobs", "");
    refused(shown, "GET", "/v1/retained?filter=a/%23", "");
    refused(shown, "GET", "/v1/subscribe?filter=a/b&retained=true", "");
    refused(shown, "GET", "/v1/subscribe?filter=a/b&slow=block", "");

    assertThat(jobs()).isEqualTo(1);
    assertThat(core.node().broker().stats().storedMessages()).isEqualTo(1);
    assertThat(send("GET", "/livez", "", shown.authorization()).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(value = Shown.class, names = "NO_RIGHT", mode = EnumSource.Mode.EXCLUDE)
  void tellsNothingToAStranger(Shown shown) throws Exception {
    refused(shown, "GET", "/v1/openapi.json", "");
    refused(shown, "GET", "/v1/topics", "");
    refused(shown, "GET", "/v1/queues", "");
    refused(shown, "POST", "/v1/publish", "[{\"topic\":\"a/b\",\"body\":\"1\"}]");
  }

  @Test
  void leavesOutWhatSomebodyKnownMayNotSee() throws Exception {
    publish("a/b", "1");
    String bert = Shown.NO_RIGHT.authorization();

    assertThat(send("GET", "/v1/topics", "", bert).body()).contains("\"topics\":[]");
    assertThat(send("GET", "/v1/queues", "", bert).body()).contains("\"queues\":[]");
    HttpResponse<String> several =
        send("POST", "/v1/publish", "[{\"topic\":\"a/b\",\"body\":\"1\"}]", bert);
    assertThat(several.body()).contains("WEIR-3007").contains("\"stored\":0");
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void opensNoEventsFor(Shown shown) throws Exception {
    refused(shown, "GET", "/v1/subscribe?filter=a/%23", "");
    if (shown.authorization().startsWith("Bearer ")) {
      HttpResponse<String> answer =
          send("GET", "/v1/subscribe?filter=a/%23&access_token=" + token(shown), "", "");
      assertThat(answer.statusCode()).isEqualTo(shown.httpStatus());
      assertThat(answer.body()).contains(shown.code().label()).doesNotContain(token(shown));
    }
  }

  @ParameterizedTest
  @EnumSource(value = Shown.class, names = "NO_RIGHT", mode = EnumSource.Mode.EXCLUDE)
  void opensNoSocketFor(Shown shown) {
    for (String protocol : List.of("weir.json.v1", "weir.bin.v1")) {
      assertThatThrownBy(() -> new Talk("", shown.authorization(), protocol))
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              e ->
                  assertThat(e.getResponse().statusCode())
                      .isIn(401, shown == Shown.WRONG_PASSWORD ? 429 : 401));
    }
  }

  @Test
  void refusesOnASocketWhatMayNotBeDone() {
    try (Talk talk = new Talk("?access_token=" + token(Shown.NO_RIGHT), "")) {
      for (String op :
          List.of(
              "{\"op\":\"attach\",\"id\":\"1\",\"filters\":[\"a/#\"]}",
              "{\"op\":\"publish\",\"ref\":\"2\",\"message\":{\"topic\":\"a/b\",\"body\":\"1\"}}",
              "{\"op\":\"publish\",\"ref\":\"3\",\"queue\":\"jobs\",\"message\":{\"body\":\"1\"}}",
              "{\"op\":\"consume\",\"id\":\"4\",\"queue\":\"jobs\"}",
              "{\"op\":\"serve\",\"id\":\"5\",\"filter\":\"a/#\"}",
              "{\"op\":\"request\",\"ref\":\"6\",\"message\":{\"topic\":\"a/b\"}}",
              "{\"op\":\"enter\",\"ref\":\"7\",\"topic\":\"a/b\",\"member\":\"m\"}",
              "{\"op\":\"members\",\"ref\":\"8\",\"topic\":\"a/b\"}",
              "{\"op\":\"attach\",\"id\":\"9\",\"presence\":\"a/b\"}",
              "[{\"op\":\"publish\",\"ref\":\"10\",\"message\":{\"topic\":\"a/b\"}}]")) {
        int before = talk.heard.size();
        talk.say(op);
        eventually("an answer to " + op, () -> talk.heard.size() > before);
        assertThat(talk.heard.getLast()).contains("\"op\":\"error\"").contains("WEIR-3007");
      }
    }
    assertThat(core.node().broker().stats().storedMessages()).isZero();
  }

  @Test
  void servesWhoIsLetIn() throws Exception {
    for (String authorization : List.of("Bearer " + GOOD.text(), basic("anna", "hunter2"))) {
      assertThat(send("POST", "/v1/topics/a/b", "hello", authorization).statusCode())
          .isEqualTo(200);
      assertThat(send("GET", "/v1/topics/a/b", "", authorization).body()).contains("hello");
      assertThat(send("POST", "/v1/queues/jobs/messages", "x", authorization).statusCode())
          .isEqualTo(200);
      HttpResponse<String> pulled =
          send("POST", "/v1/queues/jobs/pull?wait=20s", "", authorization);
      String lease = pulled.body().replaceFirst(".*\"lease\":\"([^\"]*)\".*", "$1");
      assertThat(
              send("POST", "/v1/queues/jobs/ack", LEASES.replace("x", lease), authorization)
                  .statusCode())
          .isEqualTo(200);
      assertThat(send("GET", "/metrics", "", authorization).statusCode()).isEqualTo(200);
    }
    try (Reader reader = new Reader("&access_token=" + GOOD.text(), "");
        Talk talk = new Talk("", "Bearer " + GOOD.text())) {
      eventually("it is open", () -> reader.has("event: opened"));
      talk.say("{\"op\":\"publish\",\"ref\":\"1\",\"message\":{\"topic\":\"a/c\",\"body\":\"2\"}}");
      eventually("the receipt", () -> talk.hasHeard("\"op\":\"receipt\""));
      eventually("the message", () -> reader.has("\"topic\":\"a/c\""));
    }
  }

  @Test
  void takesATokenInTheAddressForEventsAndSocketsAlone() throws Exception {
    String query = "?access_token=" + GOOD.text();

    assertThat(send("GET", "/v1/topics/a/b" + query, "", "").statusCode()).isEqualTo(401);
    HttpResponse<String> twice =
        send("GET", "/v1/subscribe" + query + "&filter=a/%23", "", "Bearer " + GOOD.text());
    assertThat(twice.statusCode()).isEqualTo(400);
    assertThat(twice.body()).doesNotContain(GOOD.text());
  }

  @Test
  void endsWhatIsOpenWhenTheKeyIsTakenBack() throws Exception {
    String good = "Bearer " + GOOD.text();
    try (Reader reader = new Reader("", good);
        Talk idle = new Talk("", good);
        Talk consumer = new Talk("", good)) {
      consumer.say("{\"op\":\"consume\",\"id\":\"1\",\"queue\":\"jobs\"}");
      consumer.say("{\"op\":\"attach\",\"id\":\"2\",\"filters\":[\"a/#\"]}");
      eventually(
          "all are open",
          () -> reader.has("event: opened") && consumer.hasHeard("\"op\":\"attached\""));
      CompletableFuture<HttpResponse<String>> pull =
          client.sendAsync(
              request("/v1/queues/jobs/pull?wait=30s", good)
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              BodyHandlers.ofString());
      eventually(
          "the pull waits",
          () -> core.node().broker().queues().details("jobs").figures().consumers() == 2);

      core.file().change(book -> book.with(GOOD.key().revoked()));

      eventually("the events are over", () -> reader.isOver);
      assertThat(reader.has("event: failed")).isTrue();
      assertThat(reader.has("WEIR-3006")).isTrue();
      for (Talk talk : List.of(idle, consumer)) {
        eventually("the socket is closed", () -> talk.code.isDone());
        assertThat(talk.code.join()).isEqualTo(4401);
        assertThat(talk.reason).startsWith("WEIR-3006");
      }
      assertThat(pull.join().statusCode()).isEqualTo(401);
      assertThat(pull.join().body()).contains("WEIR-3006");
    }
  }

  @Test
  void endsWhatIsOpenWhenTheKeyExpires() throws Exception {
    ApiKey.Fresh brief = Guests.key("anna", Clock.SYSTEM.epochMicros() + SOON_MICROS);
    core.file().change(book -> book.with(brief.key()));
    String authorization = "Bearer " + brief.text();
    eventually(
        "the key is known", () -> send("GET", "/v1/queues", "", authorization).statusCode() == 200);
    try (Reader reader = new Reader("", authorization);
        Talk talk = new Talk("", authorization)) {
      eventually("the events are over", () -> reader.isOver);
      assertThat(reader.has(ErrorCode.CREDENTIALS_EXPIRED.label())).isTrue();
      eventually("the socket is closed", () -> talk.code.isDone());
      assertThat(talk.code.join()).isEqualTo(4401);
    }
  }

  @Test
  void endsAWaitingPullAndAConsumerWhosePermissionIsTakenAway() throws Exception {
    String good = "Bearer " + GOOD.text();
    try (Talk talk = new Talk("", good)) {
      talk.say("{\"op\":\"consume\",\"id\":\"1\",\"queue\":\"jobs\"}");
      CompletableFuture<HttpResponse<String>> pull =
          client.sendAsync(
              request("/v1/queues/jobs/pull?wait=30s", good)
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              BodyHandlers.ofString());
      eventually(
          "both wait",
          () -> core.node().broker().queues().details("jobs").figures().consumers() == 2);

      core.file()
          .change(book -> {
            User anna = Objects.requireNonNull(book.users().get("anna"));
            return book.with(anna.withRules(List.of()));
          });

      assertThat(pull.join().statusCode()).isEqualTo(403);
      eventually("the consumer is over", () -> talk.hasHeard("WEIR-3007"));
      assertThat(talk.code).isNotDone();
    }
  }

  /// A reader of events; the lines as they are.
  private final class Reader implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private volatile boolean isOver;
    private final HttpResponse<Stream<String>> answer;

    Reader(String more, String authorization) throws IOException, InterruptedException {
      answer =
          client.send(
              request("/v1/subscribe?filter=a/%23" + more, authorization).build(),
              BodyHandlers.ofLines());
      Thread.ofVirtual()
          .start(() -> {
            try (Stream<String> body = answer.body()) {
              body.forEach(lines::add);
            } catch (RuntimeException _) {
              // The connection was cut.
            } finally {
              isOver = true;
            }
          });
    }

    private boolean has(String text) {
      return lines.stream().anyMatch(line -> line.contains(text));
    }

    @Override
    public void close() {
      answer.body().close();
    }
  }

  /// A client of a socket, which has heard its welcome.
  private final class Talk implements WebSocket.Listener, AutoCloseable {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> code = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;
    private volatile String reason = "";

    Talk(String query, String authorization) {
      this(query, authorization, "weir.json.v1");
    }

    Talk(String query, String authorization, String protocol) {
      WebSocket.Builder builder = client.newWebSocketBuilder().subprotocols(protocol);
      if (!authorization.isEmpty()) {
        builder.header("Authorization", authorization);
      }
      URI uri = URI.create("ws://" + core.node().address() + "/v1/ws" + query);
      socket = builder.buildAsync(uri, this).join();
      eventually("the welcome", () -> hasHeard("\"op\":\"welcome\""));
    }

    private boolean hasHeard(String text) {
      return heard.stream().anyMatch(line -> line.contains(text));
    }

    private void say(String text) {
      socket.sendText(text, true).join();
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
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String why) {
      reason = why;
      code.complete(status);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable cause) {
      code.complete(-1);
    }

    @Override
    public void close() {
      socket.abort();
    }
  }
}
