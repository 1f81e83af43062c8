package dev.weir.gateway.web;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.gateway.web.http.WebLimits;
import dev.weir.testkit.ByteMutator;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostileHttpTest {
  private static final WebLimits LIMITS =
      Door.LIMITS
          .withTimes(Duration.ofMillis(700), Duration.ofMillis(400), Duration.ofSeconds(15))
          .withHeld(ByteSize.ofMebibytes(2));

  @TempDir Path directory;
  private Door door;

  @BeforeEach
  void open() {
    door = new Door(directory, LIMITS);
  }

  @AfterEach
  void close() {
    door.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT /v1/publish | 405",
        "POST /v1/topics | 405",
        "DELETE /livez | 405",
        "GET / | 404",
        "GET /v1/topics/ | 404",
        "GET /v2/topics | 404",
        "POST /v1/queues//pull | 404",
        "GET /v1/topics/%zz | 400",
        "GET /v1/topics/%c3%28 | 400",
        "GET /v1/topics/a/%23/b | 400",
        "GET /v1/topics/a?from=w1AAAA | 400",
        "GET /v1/topics/a?from=yesterday | 400",
        "GET /v1/topics/a?limit=0 | 400",
        "GET /v1/topics/a?limit=1&limit=2 | 400",
        "GET /v1/topics/a?colour=red | 400",
        "GET /v1/subscribe | 400",
        "GET /v1/subscribe?filter=a%23 | 400",
        "GET /v1/subscribe?filter=a&from=last:0 | 400",
        "GET /v1/subscribe?filter=a&end=now | 400",
        "GET /v1/ws | 400",
        "POST /v1/queues/none/pull | 404",
        "POST /v1/queues/none/pull?wait=31s | 400",
        "PUT /v1/queues/BAD_NAME | 400",
        "TRACE /livez | 405",
      })
  void refusesWithAStatusAndAProblem(String line, int status) {
    String answer =
        door.exchange(line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    assertThat(answer).contains("application/problem+json", "\"code\":\"WEIR-", "\"fix\":");
    if (status == 405) {
      assertThat(answer.toLowerCase(java.util.Locale.ROOT)).contains("\nallow: ");
    }
    assertThat(door.web.stats().refused()).isEqualTo(1);
  }

  @Test
  void refusesALongLineAndManyHeaders() {
    String line = door.exchange("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\n\r\n");
    String headers = door.exchange("GET /livez HTTP/1.1\r\n" + "X: y\r\n".repeat(9_000) + "\r\n");

    assertThat(line).startsWith("HTTP/1.1 414");
    assertThat(headers).startsWith("HTTP/1.1 431");
  }

  @Test
  void refusesALargeBodyWhileItIsStillSent() throws IOException {
    try (Socket socket = door.socket()) {
      socket
          .getOutputStream()
          .write(
              "POST /v1/topics/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] chunk =
          ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 17; i++) {
        socket.getOutputStream().write(chunk);
      }

      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 413").contains("WEIR-7003");
    }
    assertThat(door.web.stats().heldBytes()).isZero();
  }

  @Test
  void refusesAnAnnouncedLargeBodyBeforeItIsSent() {
    String answer =
        door.exchange(
            Door.head(
                "POST /v1/topics/a HTTP/1.1",
                "Host: localhost",
                "Content-Length: 1048577",
                "Expect: 100-continue"));

    assertThat(answer).startsWith("HTTP/1.1 413");
  }

  @Test
  void refusesJsonThatIsDeepWideOrNoText() {
    for (String body : List.of("[".repeat(1_000_000), "[" + "1,".repeat(400_000) + "1]")) {
      HttpResponse<String> answer = door.post("/v1/publish", body);
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.body()).contains("WEIR-7003");
    }
    String answer =
        door.exchange(
            Door.head(
                    "POST /v1/publish HTTP/1.1",
                    "Host: localhost",
                    "Connection: close",
                    "Content-Length: 5")
                + "[\"\u00c3\"]");
    assertThat(answer).startsWith("HTTP/1.1 400").contains("WEIR-7002");
    assertThat(door.web.stats().heldBytes()).isZero();
  }

  @Test
  void closesAHalfHeadWithoutAWord() {
    assertThat(door.exchange("GET /livez HTT")).isEmpty();
  }

  @Test
  void tellsThatAHalfBodyCameTooSlowly() {
    String answer =
        door.exchange(
            "POST /v1/topics/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf");

    assertThat(answer).startsWith("HTTP/1.1 408").contains("WEIR-2002");
    assertThat(door.web.stats().slow()).isEqualTo(1);
    assertThat(door.web.stats().heldBytes()).isZero();
  }

  @Test
  void holdsNoMoreBodiesThanItMay() throws IOException {
    List<Socket> halves = new ArrayList<>();
    byte[] half =
        ("POST /v1/topics/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
                + "x".repeat(900_000))
            .getBytes(StandardCharsets.US_ASCII);
    try {
      int refused = 0;
      for (int i = 0; i < 4; i++) {
        Socket socket = door.socket();
        halves.add(socket);
        socket.getOutputStream().write(half);
      }
      for (Socket socket : halves) {
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (answer.startsWith("HTTP/1.1 503")) {
          assertThat(answer.toLowerCase(java.util.Locale.ROOT)).contains("retry-after: 1");
          refused++;
        } else {
          assertThat(answer).startsWith("HTTP/1.1 408");
        }
      }

      assertThat(refused).isGreaterThanOrEqualTo(1);
      assertThat(door.web.stats().heldBytes()).isZero();
    } finally {
      for (Socket socket : halves) {
        socket.close();
      }
    }
  }

  @Test
  void answersPipelinedRequestsInTheirOrder() {
    String one = "POST /v1/topics/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx";
    String last = "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    String answers = door.exchange(one + one + one + last);

    assertThat(answers).containsSubsequence("main/0@0", "main/0@1", "main/0@2", "ok");
  }

  @Test
  void answersHeadAsGetWithoutABody() {
    HttpResponse<String> head = door.send("HEAD", "/v1/topics", "");

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValueAsLong("content-length")).hasValue(29);
  }

  @Test
  void survivesDamagedRequests() {
    List<byte[]> corpus =
        List.of(
            bytes(
                "POST /v1/topics/a/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"),
            bytes(
                Door.head(
                    "POST /v1/publish HTTP/1.1",
                    "Host: localhost",
                    "Transfer-Encoding: chunked",
                    "",
                    "f",
                    "[{\"topic\":\"a\"}]",
                    "0")),
            bytes("GET /v1/topics/%23?from=first&limit=3 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            bytes("PUT /v1/queues/q HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"),
            bytes(
                Door.head(
                    "GET /v1/ws HTTP/1.1",
                    "Host: localhost",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")));
    ByteMutator mutator = new ByteMutator(Seeds.random("survivesDamagedRequests"), corpus);
    for (int i = 0; i < 500; i++) {
      byte[] damaged = mutator.next();
      try (Socket socket = door.socket()) {
        socket.getOutputStream().write(damaged);
        socket.shutdownOutput();
        InputStream in = socket.getInputStream();
        while (in.read() >= 0) {
          // Whatever it says, it ends.
        }
      } catch (SocketException _) {
        // It may reset what it does not understand.
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    assertThat(door.get("/livez").statusCode()).isEqualTo(200);
    eventually("nothing is held", () -> door.web.stats().heldBytes() == 0);
    eventually("no socket is left", () -> door.web.stats().sockets() == 0);
    assertThat(door.web.stats().failed()).isZero();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
