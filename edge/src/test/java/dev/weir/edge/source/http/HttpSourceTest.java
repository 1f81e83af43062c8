package dev.weir.edge.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.Intake;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceContext;
import dev.weir.message.Message;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpSourceTest {
  private final ManualClock clock = new ManualClock();
  private final Intake intake = new Intake(1 << 20);
  private final HttpClient client = HttpClient.newHttpClient();
  private volatile Optional<WeirException> refusal = Optional.empty();
  private Source source;

  @BeforeEach
  void start() {
    HttpConfig config =
        new HttpConfig(
            "http",
            "default/topic",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new ByteSize(1000),
            new HttpLimits(
                new ByteSize(5000),
                new ByteSize(20_000),
                Duration.ofSeconds(1),
                Duration.ofMillis(400)));
    source = config.open(context());
    source.start();
  }

  @AfterEach
  void stop() {
    source.close();
    client.close();
  }

  @Test
  void answersOnlyWhenTheMessageIsDurable() throws Exception {
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(post("/", "hello", "text/plain"), text());
    Delivery delivery = take();

    assertThat(answer).isNotDone();
    Message message = delivery.messages().getFirst();
    assertThat(message.topic()).isEqualTo("default/topic");
    assertThat(message.body().utf8()).isEqualTo("hello");
    assertThat(message.contentType()).isEqualTo("text/plain");
    assertThat(message.timeMicros()).isEqualTo(clock.epochMicros());
    delivery.listener().durable();

    assertThat(answer.get().statusCode()).isEqualTo(200);
    assertThat(answer.get().body()).contains("\"messages\":1").contains("\"durable\"");
    assertThat(source.stats().messageCount()).isEqualTo(1);
  }

  @Test
  void takesALineOfNdjsonAsAMessage() throws Exception {
    HttpRequest request =
        post("/topics/a/b", "{\"x\":1}\n\n [2, 3]\r\n\"z\"", "application/x-ndjson; charset=utf-8");

    assertThat(storedBodies(request)).containsExactly("{\"x\":1}", "[2, 3]", "\"z\"");
  }

  @Test
  void takesTheElementsOfAJsonArrayAndAnyOtherValueAsItIs() throws Exception {
    assertThat(storedBodies(post("/", "[ {\"a\":[1]} , \"x,]\", 2.5e-1,null]", "application/json")))
        .containsExactly("{\"a\":[1]}", "\"x,]\"", "2.5e-1", "null");
    assertThat(storedBodies(post("/", " {\"a\": [1,2]} ", "application/json")))
        .containsExactly("{\"a\": [1,2]}");
  }

  @Test
  void takesTopicKeyHeadersAndIdsFromTheRequest() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/topics/plant/7/line"))
            .header("Content-Type", "application/x-ndjson")
            .header("X-Weir-Key", "k7")
            .header("X-Weir-Ttl", "60")
            .header("X-Weir-Priority", "9")
            .header("X-Weir-Trace", "abc")
            .header("Idempotency-Key", "order-1")
            .PUT(HttpRequest.BodyPublishers.ofString("1\n2\n"))
            .build();
    CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request, text());
    Delivery delivery = take();
    delivery.listener().durable();
    assertThat(answer.get().statusCode()).isEqualTo(200);

    List<Message> messages = delivery.messages();
    Message first = messages.getFirst();
    assertThat(first.topic()).isEqualTo("plant/7/line");
    assertThat(first.key().utf8()).isEqualTo("k7");
    assertThat(first.ttl()).isEqualTo(Duration.ofMinutes(1));
    assertThat(first.priority()).isEqualTo(9);
    assertThat(first.headers()).containsOnly(Map.entry("trace", "abc"));
    assertThat(messages.stream().map(message -> message.id().utf8()))
        .containsExactly("order-1#0", "order-1#1");
  }

  @Test
  void shortensALongIdempotencyKey() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/"))
            .header("Idempotency-Key", "k".repeat(500))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();
    CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request, text());
    Delivery delivery = take();
    delivery.listener().durable();
    answer.get();

    assertThat(delivery.messages().getFirst().id().length()).isEqualTo(32);
  }

  @Test
  void takesGzip() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write("zipped".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(storedBodies(gzip(packed.toByteArray()))).containsExactly("zipped");
  }

  @Test
  void refusesAGzipBomb() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(new byte[1 << 20]);
    }

    assertRefused(gzip(packed.toByteArray()), 413, "WEIR-7003");
  }

  @Test
  void sends429WithATimeWhenTheSpoolIsFull() throws Exception {
    refusal = Optional.of(new WeirException(ErrorCode.SPOOL_FULL, "The spool holds 10 GiB."));

    HttpResponse<String> answer = assertRefused(post("/", "x", "text/plain"), 429, "WEIR-5001");

    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    assertThat(answer.body()).contains("The spool holds 10 GiB.");
    assertThat(intake.peek()).isNull();
    refusal = Optional.empty();
    assertThat(storedBodies(post("/", "x", "text/plain"))).containsExactly("x");
  }

  @Test
  void sends429WhenTheSpoolFillsMeanwhile() throws Exception {
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(post("/", "x", "text/plain"), text());
    take().listener().failed(new WeirException(ErrorCode.SPOOL_FULL, "full"));

    assertThat(answer.get().statusCode()).isEqualTo(429);
  }

  @Test
  void sends503WhenTheFsyncDoesNotCome() throws Exception {
    HttpResponse<String> answer = assertRefused(post("/", "x", "text/plain"), 503, "WEIR-2002");

    assertThat(answer.body()).contains("may still be stored");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void refusesWhatItCannotRead() throws Exception {
    assertRefused(post("/", "[1,", "application/json"), 400, "WEIR-7002");
    assertRefused(post("/", "", "application/json"), 400, "WEIR-7002");
    HttpResponse<String> line =
        assertRefused(post("/", "{}\n{\"a\"\n", "application/x-ndjson"), 400, "WEIR-7002");
    assertThat(line.body()).contains("Line 2");
    assertRefused(post("/topics/a/%2B/b", "x", "text/plain"), 400, "WEIR-7007");
    assertRefused(post("/topics/$weir/loss", "x", "text/plain"), 400, "WEIR-7007");
    assertRefused(post("/topics/", "x", "text/plain"), 400, "WEIR-7007");
    assertRefused(
        HttpRequest.newBuilder(uri("/"))
            .header("X-Weir-Priority", "high")
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build(),
        400,
        "WEIR-7002");
    assertThat(intake.peek()).isNull();
  }

  @Test
  void refusesWhatIsTooLarge() throws Exception {
    assertRefused(post("/", "x".repeat(1001), "text/plain"), 413, "WEIR-7003");
    assertRefused(post("/", "x".repeat(5001), "text/plain"), 413, "WEIR-7003");
    HttpRequest chunked =
        HttpRequest.newBuilder(uri("/"))
            .POST(
                HttpRequest.BodyPublishers.fromPublisher(
                    HttpRequest.BodyPublishers.ofByteArray(new byte[6000])))
            .build();
    assertRefused(chunked, 413, "WEIR-7003");
  }

  @Test
  void refusesOtherMethodsPathsAndEncodings() throws Exception {
    HttpResponse<String> get =
        assertRefused(HttpRequest.newBuilder(uri("/")).GET().build(), 405, "WEIR-1002");
    assertThat(get.headers().firstValue("Allow")).contains("POST, PUT");
    assertRefused(post("/elsewhere", "x", "text/plain"), 404, "WEIR-1002");
    assertRefused(
        HttpRequest.newBuilder(uri("/"))
            .header("Content-Encoding", "br")
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build(),
        415,
        "WEIR-7002");
    assertThat(source.stats().refusedCount()).isEqualTo(3);
  }

  @Test
  void refusesMoreThanItHoldsAtOnce() throws Exception {
    for (int i = 0; i < 4; i++) {
      var _ =
          client.sendAsync(post("/", "[" + "1,".repeat(2400) + "1]", "application/json"), text());
      take();
    }

    assertRefused(post("/", "x".repeat(900), "text/plain"), 429, "WEIR-6003");
  }

  @Test
  void endsAClientThatSendsAByteNowAndThen() throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), source.port().orElseThrow())) {
      socket
          .getOutputStream()
          .write(
              "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx"
                  .getBytes(StandardCharsets.US_ASCII));
      socket.setSoTimeout(60_000); // It takes ten seconds; a busy machine more.

      assertThat(readToEnd(socket)).isTrue();
    }
    assertThat(intake.peek()).isNull();
  }

  @Test
  void saysWhichAddressIsTaken() {
    HttpConfig taken =
        HttpConfig.of(
            "x",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), source.port().orElseThrow()));

    org.assertj.core.api.Assertions.assertThatThrownBy(() -> taken.open(context()))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ADDRESS_IN_USE));
  }

  private SourceContext context() {
    return new SourceContext(
        intake, intake, () -> refusal, Map.of(), InputStream.nullInputStream(), clock);
  }

  private static boolean readToEnd(Socket socket) {
    try {
      while (socket.getInputStream().read() >= 0) {}
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // Reset: ended as well.
    }
  }

  private List<String> storedBodies(HttpRequest request) throws Exception {
    CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request, text());
    Delivery delivery = take();
    delivery.listener().durable();
    assertThat(answer.get().statusCode()).isEqualTo(200);
    return delivery.messages().stream().map(message -> message.body().utf8()).toList();
  }

  private HttpResponse<String> assertRefused(HttpRequest request, int status, String code)
      throws Exception {
    HttpResponse<String> answer = client.send(request, text());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body())
        .contains("\"code\":\"" + code + "\"")
        .contains("\"status\":" + status);
    return answer;
  }

  private Delivery take() {
    var _ = Eventually.<Delivery>eventuallyPresent("a delivery", intake::peek);
    return java.util.Objects.requireNonNull(intake.poll());
  }

  private HttpRequest gzip(byte[] body) {
    return HttpRequest.newBuilder(uri("/"))
        .header("Content-Encoding", "gzip")
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }

  private HttpRequest post(String path, String body, String contentType) {
    return HttpRequest.newBuilder(uri(path))
        .header("Content-Type", contentType)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + source.port().orElseThrow() + path);
  }

  private static HttpResponse.BodyHandler<String> text() {
    return HttpResponse.BodyHandlers.ofString();
  }
}
