package dev.weir.gateway.port;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpDoorTest {
  private static final Bytes LARGE = Bytes.wrap(new byte[3 << 20]);

  private final CountDownLatch held = new CountDownLatch(1);
  private Port port;
  private HttpClient client;

  @BeforeEach
  void start() {
    Map<String, OpsRoute> routes =
        Map.of(
            "/livez", _ -> OpsAnswer.text(200, "ok\n"),
            "/readyz", r -> OpsAnswer.json(r.isVerbose() ? 503 : 200, "{}"),
            "/metrics", _ -> new OpsAnswer(200, "text/plain; version=0.0.4", LARGE),
            "/broken", _ -> OpsAnswer.text(Integer.parseInt("no number"), ""),
            "/held", _ -> hold());
    port = Port.start(new PortConfig("127.0.0.1", 0, PortLimits.DEFAULT), PortServices.of(routes));
    client = HttpClient.newHttpClient();
  }

  @AfterEach
  void close() {
    held.countDown();
    client.close();
    port.close();
  }

  @Test
  void answersItsRoutesAndKeepsTheConnection() throws Exception {
    HttpResponse<String> live = Http.get(client, port, "/livez");
    HttpResponse<String> ready = Http.get(client, port, "/readyz");
    HttpResponse<String> verbose = Http.get(client, port, "/readyz?verbose");
    HttpResponse<String> metrics = Http.get(client, port, "/metrics");

    assertThat(live.statusCode()).isEqualTo(200);
    assertThat(live.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(verbose.statusCode()).isEqualTo(503);
    assertThat(metrics.body()).hasSize(LARGE.length());
    assertThat(port.stats().accepted()).containsEntry(Protocol.HTTP1, 1L);
  }

  @Test
  void answersHeadWithTheLengthAndNoBody() throws Exception {
    HttpResponse<String> head =
        client.send(Http.to(port, "/metrics").HEAD().build(), BodyHandlers.ofString());

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("content-length")).contains("" + LARGE.length());
    assertThat(head.body()).isEmpty();
    assertThat(Http.get(client, port, "/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void saysWhatThereIsInsteadOfAnUnknownPath() throws Exception {
    HttpResponse<String> missing = Http.get(client, port, "/no%22such");

    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(missing.body())
        .contains("\"status\":404")
        .contains("/no\\\"such")
        .contains("/livez");
  }

  @Test
  void refusesOtherMethodsAndBodies() throws Exception {
    HttpResponse<String> post =
        client.send(
            Http.to(port, "/livez").POST(BodyPublishers.ofString("x")).build(),
            BodyHandlers.ofString());
    HttpResponse<String> large =
        client.send(
            Http.to(port, "/livez")
                .method("GET", BodyPublishers.ofByteArray(new byte[9000]))
                .build(),
            BodyHandlers.ofString());

    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("allow")).contains("GET, HEAD");
    assertThat(large.statusCode()).isEqualTo(413);
  }

  @Test
  void answersFiveHundredWhenARouteFailsAndStaysUp() throws Exception {
    assertThat(Http.get(client, port, "/broken").statusCode()).isEqualTo(500);
    assertThat(Http.get(client, port, "/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void boundsTheRequestLineAndTheHeaders() throws Exception {
    assertThat(exchange("GET /" + "x".repeat(5000) + " HTTP/1.1\r\n\r\n")).contains(" 414 ");
    assertThat(exchange("GET / HTTP/1.1\r\nx: " + "y".repeat(17_000) + "\r\n\r\n"))
        .contains(" 431 ");
    assertThat(exchange("GET / HTTP/1.1\r\nno header\r\n\r\n")).contains(" 400 ");
    assertThat(exchange("GET /livez?%zz HTTP/1.1\r\n\r\n")).contains(" 400 ");
    assertThat(exchange("GET /livez HTTP/1.1\r\ncontent-length: 99999999999\r\n\r\n"))
        .contains(" 413 ");
    assertThat(
            exchange(
                "GET /livez HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n"
                    + "2710\r\n"
                    + "z".repeat(10_000)
                    + "\r\n0\r\n\r\n"))
        .contains(" 413 ");
  }

  @Test
  void answersPipelinedRequestsInOrderAndClosesWhenAsked() throws Exception {
    String first = "GET /livez HTTP/1.1\r\n\r\n";
    String second = "GET /nothing HTTP/1.1\r\n\r\n";
    String last = "GET /readyz HTTP/1.1\r\nconnection: close\r\n\r\n";

    String answers = exchange(first + second + last);

    assertThat(answers.split("HTTP/1.1 ", -1)).hasSize(4);
    assertThat(answers.indexOf("ok\n")).isBetween(0, answers.indexOf("Not Found"));
    assertThat(answers).endsWith("{}");
  }

  @Test
  void servesOthersWhileOneRouteBlocks() throws Exception {
    CompletableFuture<HttpResponse<String>> slow =
        client.sendAsync(Http.to(port, "/held").build(), BodyHandlers.ofString());
    eventually("it is held", () -> port.stats().open() == 1);

    for (int i = 0; i < 20; i++) {
      assertThat(Http.get(client, port, "/livez").statusCode()).isEqualTo(200);
    }
    assertThat(slow).isNotDone();
    held.countDown();
    assertThat(slow.get().body()).isEqualTo("let go");
  }

  private OpsAnswer hold() {
    try {
      held.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return OpsAnswer.text(200, "let go");
  }

  /// Sends and reads until the port closes the connection.
  private String exchange(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      StringBuilder answer = new StringBuilder();
      try {
        for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
          answer.append((char) b);
        }
      } catch (SocketException _) {
        // Closed with bytes of ours unread: a reset after the answer.
      }
      return answer.toString();
    }
  }
}
