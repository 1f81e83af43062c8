package dev.weir.edge.source.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.ContextRig;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.protobuf.Wire;
import dev.weir.message.Message;
import dev.weir.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Requests of sizes that a core refuses in one message.
final class OtlpIngestTest {
  private final ContextRig rig = new ContextRig();
  private final SourceMeter meter = new SourceMeter("otlp", "otlp");
  private final OtlpIngest ingest =
      new OtlpIngest("site/otlp", rig.context(), meter, Duration.ofSeconds(20));

  @Test
  void cutsARequestThatACoreWouldRefuseAndAcksItAsAWhole() throws Exception {
    List<String> sent = new ArrayList<>();
    Bytes request = logs(3000, sent);
    assertThat(request.length()).isGreaterThan(2 * OtlpIngest.MAX_MESSAGE_BYTES);

    Future<Boolean> answer = take(OtlpIngest.PROTOBUF, request);
    Delivery delivery = rig.takeWaited();

    assertThat(answer.isDone()).isFalse();
    List<String> received = new ArrayList<>();
    for (Message message : delivery.messages()) {
      assertThat(message.topic()).isEqualTo("site/otlp/logs");
      assertThat(message.body().length()).isLessThanOrEqualTo(OtlpIngest.MAX_MESSAGE_BYTES);
      received.addAll(LogRecords.of(message.body()));
    }
    assertThat(received).isEqualTo(sent);
    delivery.listener().durable();
    assertThat(answer.get()).isTrue();
  }

  @Test
  void refusesJsonThatStaysTooLargeCompressedAndTakesWhatDoesNot() throws Exception {
    RandomGenerator random = Seeds.random("OtlpIngestTest");
    StringBuilder noise = new StringBuilder("{\"n\":\"");
    while (noise.length() < 2 << 20) {
      noise.append(Long.toHexString(random.nextLong()));
    }
    StringBuilder plain = new StringBuilder("{\"p\":\"").append("p".repeat(2 << 20));

    assertThatThrownBy(() ->
            ingest.take(
                OtlpSignal.LOGS, OtlpIngest.JSON, Bytes.utf8(noise.append("\"}").toString())))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    Future<Boolean> answer = take(OtlpIngest.JSON, Bytes.utf8(plain.append("\"}").toString()));
    Delivery delivery = rig.takeWaited();
    delivery.listener().durable();

    assertThat(answer.get()).isTrue();
    assertThat(delivery.messages()).hasSize(1);
  }

  private Future<Boolean> take(String contentType, Bytes request) {
    FutureTask<Boolean> task =
        new FutureTask<>(() -> {
          ingest.take(OtlpSignal.LOGS, contentType, request);
          return true;
        });
    Thread.ofVirtual().name("otlp-sender").start(task);
    return task;
  }

  private static Bytes logs(int count, List<String> sent) {
    Wire value = new Wire().text(1, "site");
    Wire attribute = new Wire().text(1, "k").message(2, value);
    Wire scopes = new Wire().message(1, new Wire().text(1, "scope"));
    for (int i = 0; i < count; i++) {
      String text = i + "x".repeat(1000);
      scopes.message(2, new Wire().text(3, text));
      sent.add("site/scope/" + text);
    }
    Wire group = new Wire().message(1, new Wire().message(1, attribute)).message(2, scopes);
    return new Wire().message(1, group).bytes();
  }
}
