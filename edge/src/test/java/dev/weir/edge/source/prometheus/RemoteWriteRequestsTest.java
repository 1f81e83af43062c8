package dev.weir.edge.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RemoteWriteRequestsTest {
  private static final String V1 = "application/x-protobuf";
  private static final String V2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

  private final ContextRig rig = new ContextRig();
  private Source source;
  private HttpProbe probe;

  @BeforeEach
  void start() {
    HttpLimits limits =
        new HttpLimits(
            new ByteSize(5000), new ByteSize(20_000), Duration.ofSeconds(1), Duration.ofSeconds(2));
    source =
        new RemoteWriteConfig(
                "remoteWrite",
                "site/metrics",
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
  void storesARequestDecompressedAndAnswersOnlyThen() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> answer = probe.send(write(V1, WriteRequests.v1()));
    Delivery delivery = rig.takeWaited();

    assertThat(answer).isNotDone();
    Message message = delivery.messages().getFirst();
    assertThat(message.topic()).isEqualTo("site/metrics");
    assertThat(message.body()).isEqualTo(WriteRequests.v1());
    assertThat(message.contentType())
        .isEqualTo("application/x-protobuf;proto=prometheus.WriteRequest");
    assertThat(message.headers())
        .isEqualTo(
            Map.of(
                "remote-write", "1.0",
                "series", "2",
                "samples", "3",
                "histograms", "1",
                "exemplars", "1"));
    delivery.listener().durable();

    assertThat(answer.get().statusCode()).isEqualTo(204);
    assertThat(answer.get().body()).isEmpty();
  }

  @Test
  void tellsSendersOfVersionTwoWhatWasWritten() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> answer = probe.send(write(V2, WriteRequests.v2(4)));
    Delivery delivery = rig.takeWaited();
    delivery.listener().durable();

    Message message = delivery.messages().getFirst();
    assertThat(message.contentType()).isEqualTo(V2);
    assertThat(message.headers()).containsEntry("remote-write", "2.0").containsEntry("series", "2");
    assertThat(answer.get().statusCode()).isEqualTo(204);
    assertThat(written(answer.get(), "Samples")).isEqualTo("2");
    assertThat(written(answer.get(), "Histograms")).isEqualTo("1");
    assertThat(written(answer.get(), "Exemplars")).isEqualTo("1");
  }

  @Test
  void givesTheSameRequestTheSameIdSoThatARetryIsStoredOnce() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> first = probe.send(write(V1, WriteRequests.v1()));
    Delivery delivery = rig.takeWaited();
    delivery.listener().failed(new WeirException(ErrorCode.TIMED_OUT, "late"));
    assertThat(first.get().statusCode()).isEqualTo(503);

    CompletableFuture<HttpResponse<byte[]>> second = probe.send(write(V1, WriteRequests.v1()));
    Delivery again = rig.takeWaited();
    again.listener().durable();

    assertThat(second.get().statusCode()).isEqualTo(204);
    Bytes id = delivery.messages().getFirst().id();
    assertThat(id.length()).isEqualTo(16);
    assertThat(again.messages().getFirst().id()).isEqualTo(id);
  }

  @Test
  void asksToComeAgainWith503WhenThereIsNoRoom() throws Exception {
    rig.refuse(new WeirException(ErrorCode.SPOOL_FULL, "The spool holds 10 GiB."));

    HttpResponse<byte[]> answer = assertRefused(write(V1, WriteRequests.v1()), 503);

    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo("WEIR-5001: The spool holds 10 GiB.\n");
    assertThat(rig.waitedFor.peek()).isNull();
  }

  @Test
  void refusesWhatNoReaderCouldDecodeAndHarmsNobodyElse() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> sound = probe.send(write(V1, WriteRequests.v1()));
    Delivery delivery = rig.takeWaited();

    Bytes whole = WriteRequests.v1();
    assertRefused(write(V1, whole.slice(0, whole.length() - 3)), 400);
    assertRefused(write(V1, WriteRequests.brokenText()), 400);
    assertRefused(write(V2, WriteRequests.v2(6)), 400); // There are six symbols: 0 to 5.
    assertRefused(write(V2, WriteRequests.v2Odd()), 400);
    Bytes packed = WriteRequests.snappy(whole);
    assertRefused(raw(V1, "snappy", packed.slice(0, packed.length() / 2)), 400);
    assertRefused(raw(V1, "snappy", Bytes.utf8("no snappy block")), 400);
    assertThat(rig.waitedFor.peek()).isNull();

    delivery.listener().durable();
    assertThat(sound.get().statusCode()).isEqualTo(204);
    assertThat(source.stats().refusedCount()).isEqualTo(6);
  }

  @Test
  void refusesWhatIsTooLargeBeforeItIsDecoded() throws Exception {
    Bytes zeroes = WriteRequests.snappy(Bytes.wrap(new byte[60_000]));
    assertThat(zeroes.length()).isLessThan(5000);

    assertRefused(raw(V1, "snappy", zeroes), 413);
    assertRefused(raw(V1, "snappy", Bytes.wrap(new byte[6000])), 413);
  }

  @Test
  void refusesOtherTypesEncodingsPathsAndMethods() throws Exception {
    HttpResponse<byte[]> other = assertRefused(write("application/json", WriteRequests.v1()), 415);
    assertThat(other.headers().firstValue("Accept").orElseThrow())
        .contains("prometheus.WriteRequest")
        .contains("io.prometheus.write.v2.Request");
    assertRefused(write(V1 + ";proto=io.prometheus.write.v3.Request", WriteRequests.v1()), 415);
    assertThat(
            assertRefused(raw(V1, "gzip", WriteRequests.v1()), 415)
                .headers()
                .firstValue("Accept-Encoding"))
        .contains("snappy");
    assertRefused(
        probe.post("/api/v1/read", Bytes.EMPTY, "Content-Type", V1, "Content-Encoding", "snappy"),
        404);
    assertRefused(HttpRequest.newBuilder(probe.uri("/api/v1/write")).GET().build(), 405);
  }

  private static String written(HttpResponse<byte[]> answer, String what) {
    String name = "X-Prometheus-Remote-Write-" + what + "-Written";
    return answer.headers().firstValue(name).orElse("absent");
  }

  private HttpRequest write(String contentType, Bytes request) {
    return raw(contentType, "snappy", WriteRequests.snappy(request));
  }

  private HttpRequest raw(String contentType, String encoding, Bytes body) {
    return probe.post(
        "/api/v1/write", body, "Content-Type", contentType, "Content-Encoding", encoding);
  }

  private HttpResponse<byte[]> assertRefused(HttpRequest request, int status) throws Exception {
    HttpResponse<byte[]> answer = probe.answer(request);
    assertThat(answer.statusCode())
        .as(new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo(status);
    return answer;
  }
}
