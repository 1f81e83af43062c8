package dev.weir.edge.source.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.google.rpc.Status;
import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.ContextRig;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.http.HttpLimits;
import dev.weir.edge.source.http.HttpProbe;
import dev.weir.message.Message;
import io.grpc.Status.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OtlpHttpExportsTest {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";

  private final ContextRig rig = new ContextRig();
  private Source source;
  private HttpProbe probe;

  @BeforeEach
  void start() {
    HttpLimits limits =
        new HttpLimits(
            new ByteSize(5000), new ByteSize(20_000), Duration.ofSeconds(1), Duration.ofSeconds(2));
    source =
        new OtlpHttpConfig(
                "otlpHttp",
                "site/otlp",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                limits)
            .open(rig.context());
    source.start();
    probe = new HttpProbe(source);
  }

  @AfterEach
  void stop() {
    probe.close();
    source.close();
  }

  @Test
  void answersOnlyWhenTheRequestIsDurable() throws Exception {
    Bytes request = Requests.logs("hello");

    CompletableFuture<HttpResponse<byte[]>> answer =
        probe.send(probe.post("/v1/logs", request, "Content-Type", PROTOBUF));
    Delivery delivery = rig.takeWaited();

    assertThat(answer).isNotDone();
    Message message = delivery.messages().getFirst();
    assertThat(message.topic()).isEqualTo("site/otlp/logs");
    assertThat(message.body()).isEqualTo(request);
    assertThat(message.contentType()).isEqualTo(PROTOBUF);
    assertThat(message.headers()).isEqualTo(Map.of("signal", "logs"));
    delivery.listener().durable();

    assertThat(answer.get().statusCode()).isEqualTo(200);
    assertThat(answer.get().body()).isEmpty();
    assertThat(answer.get().headers().firstValue("Content-Type")).contains(PROTOBUF);
  }

  @Test
  void takesJsonAsItIsWritten() throws Exception {
    Bytes request = Bytes.utf8(" {\"resourceMetrics\": [ ]}");

    CompletableFuture<HttpResponse<byte[]>> answer =
        probe.send(
            probe.post("/v1/metrics", request, "Content-Type", "application/json; charset=utf-8"));
    Delivery delivery = rig.takeWaited();
    delivery.listener().durable();

    assertThat(new String(answer.get().body(), StandardCharsets.UTF_8)).isEqualTo("{}");
    Message message = delivery.messages().getFirst();
    assertThat(message.topic()).isEqualTo("site/otlp/metrics");
    assertThat(message.body()).isEqualTo(request);
    assertThat(message.contentType()).isEqualTo(JSON);
  }

  /// Wraps a stream.
  private interface Packing {
    OutputStream on(OutputStream out) throws IOException;
  }

  private static Bytes packed(Packing packing, Bytes plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = packing.on(packed)) {
      out.write(plain.toArray());
    }
    return Bytes.wrap(packed.toByteArray());
  }

  @Test
  void takesGzipAndZstd() throws Exception {
    Bytes request = Requests.logs("z".repeat(3000));
    Map<String, Packing> packings =
        Map.of("gzip", GZIPOutputStream::new, "zstd", ZstdOutputStreamNoFinalizer::new);
    for (Map.Entry<String, Packing> each : packings.entrySet()) {
      CompletableFuture<HttpResponse<byte[]>> answer =
          probe.send(
              probe.post(
                  "/v1/logs",
                  packed(each.getValue(), request),
                  "Content-Type",
                  PROTOBUF,
                  "Content-Encoding",
                  each.getKey()));
      Delivery delivery = rig.takeWaited();
      delivery.listener().durable();

      assertThat(answer.get().statusCode()).as(each.getKey()).isEqualTo(200);
      assertThat(delivery.messages().getFirst().body()).isEqualTo(request);
    }
  }

  @Test
  void refusesBombsAndWhatIsTooLarge() throws Exception {
    Bytes large = Requests.logs("x".repeat(6000));
    assertRefused(probe.post("/v1/logs", large, "Content-Type", PROTOBUF), 413);
    Bytes zeroes = Bytes.wrap(new byte[4 << 20]);
    assertRefused(encoded(packed(GZIPOutputStream::new, zeroes), "gzip"), 413);
    Status told =
        assertRefused(encoded(packed(ZstdOutputStreamNoFinalizer::new, zeroes), "zstd"), 413);

    assertThat(told.getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED.value());
    assertThat(told.getDetailsList()).isEmpty();
  }

  @Test
  void refusesWhatNoReaderCouldDecodeAndHarmsNobodyElse() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> sound =
        probe.send(probe.post("/v1/logs", Requests.logs("sound"), "Content-Type", PROTOBUF));
    Delivery delivery = rig.takeWaited();

    Status half =
        assertRefused(probe.post("/v1/logs", Requests.half(), "Content-Type", PROTOBUF), 400);
    assertThat(half.getCode()).isEqualTo(Code.INVALID_ARGUMENT.value());
    Status text =
        assertRefused(probe.post("/v1/logs", Requests.brokenText(), "Content-Type", PROTOBUF), 400);
    assertThat(text.getMessage()).contains("not UTF-8");
    assertRefused(encoded(Bytes.utf8("no gzip"), "gzip"), 400);
    assertRefused(encoded(Bytes.utf8("no zstd"), "zstd"), 400);
    Bytes zstd = packed(ZstdOutputStreamNoFinalizer::new, Requests.logs("cut"));
    assertRefused(encoded(zstd.slice(0, zstd.length() - 2), "zstd"), 400);
    for (String json : new String[] {"", "[]", "{\"a\":", "{\"a\":\"\u0001\"}"}) {
      HttpResponse<byte[]> answer =
          probe.answer(probe.post("/v1/logs", Bytes.utf8(json), "Content-Type", JSON));
      assertThat(answer.statusCode()).as(json).isEqualTo(400);
      assertThat(new String(answer.body(), StandardCharsets.UTF_8))
          .startsWith("{\"code\":3,\"message\":\"WEIR-7002: ");
    }
    Bytes latin = Bytes.wrap("{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(probe.answer(probe.post("/v1/logs", latin, "Content-Type", JSON)).statusCode())
        .isEqualTo(400);
    assertThat(rig.waitedFor.peek()).isNull();

    delivery.listener().durable();
    assertThat(sound.get().statusCode()).isEqualTo(200);
    assertThat(source.stats().refusedCount()).isEqualTo(10);
  }

  @Test
  void asksToComeAgainWhenThereIsNoRoom() throws Exception {
    rig.refuse(new WeirException(ErrorCode.SPOOL_FULL, "The spool holds 10 GiB."));
    HttpRequest request = probe.post("/v1/logs", Requests.logs("x"), "Content-Type", PROTOBUF);

    HttpResponse<byte[]> answer = probe.answer(request);

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    Status told = Status.parseFrom(answer.body());
    assertThat(told.getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED.value());
    assertThat(told.getDetailsCount()).isEqualTo(1);
    assertThat(rig.waitedFor.peek()).isNull();
  }

  @Test
  void isUnavailableWhenTheFsyncDoesNotCome() throws Exception {
    HttpResponse<byte[]> answer =
        probe.answer(probe.post("/v1/logs", Requests.logs("x"), "Content-Type", PROTOBUF));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    assertThat(Status.parseFrom(answer.body()).getCode()).isEqualTo(Code.UNAVAILABLE.value());
  }

  @Test
  void refusesOtherPathsMethodsTypesAndEncodings() throws Exception {
    assertRefused(probe.post("/v1/profiles", Bytes.EMPTY, "Content-Type", PROTOBUF), 404);
    HttpResponse<byte[]> get =
        probe.answer(HttpRequest.newBuilder(probe.uri("/v1/logs")).GET().build());
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("Allow")).contains("POST");
    HttpResponse<byte[]> text =
        probe.answer(probe.post("/v1/logs", Bytes.utf8("x"), "Content-Type", "text/plain"));
    assertThat(text.statusCode()).isEqualTo(415);
    assertThat(text.headers().firstValue("Accept")).contains(PROTOBUF + ", " + JSON);
    HttpResponse<byte[]> brotli = probe.answer(encoded(Bytes.utf8("x"), "br"));
    assertThat(brotli.statusCode()).isEqualTo(415);
    assertThat(brotli.headers().firstValue("Accept-Encoding")).contains("gzip, zstd, identity");
  }

  @Test
  void forgetsARequestThatWasCutOff() throws Exception {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), source.port().orElseThrow())) {
      String half =
          "POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: "
              + PROTOBUF
              + "\r\nContent-Length: 50\r\n\r\nx";
      socket.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        probe.send(probe.post("/v1/logs", Requests.logs("next"), "Content-Type", PROTOBUF));
    Delivery delivery = rig.takeWaited();
    delivery.listener().durable();

    assertThat(answer.get().statusCode()).isEqualTo(200);
    assertThat(delivery.messages().getFirst().body()).isEqualTo(Requests.logs("next"));
  }

  private HttpRequest encoded(Bytes body, String encoding) {
    return probe.post("/v1/logs", body, "Content-Type", PROTOBUF, "Content-Encoding", encoding);
  }

  private Status assertRefused(HttpRequest request, int status) throws Exception {
    HttpResponse<byte[]> answer = probe.answer(request);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains(PROTOBUF);
    return Status.parseFrom(answer.body());
  }
}
