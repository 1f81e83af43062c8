package dev.weir.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.queue.Overflow;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.proto.ReceiptDurability;
import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.Message;
import dev.weir.proto.v1.PublishRequest;
import dev.weir.proto.v1.PublishResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class PublishCallTest {
  @TempDir Path directory;

  private static Talk<PublishRequest, PublishResponse> open(Door door) {
    return Talk.open(door.stub()::publish);
  }

  private static PublishRequest request(long number, String topic, String body) {
    return request(number, Message.newBuilder().setTopic(topic), body);
  }

  private static PublishRequest request(long number, Message.Builder message, String body) {
    return PublishRequest.newBuilder()
        .setNumber(number)
        .setMessage(message.setBody(ByteString.copyFromUtf8(body)))
        .build();
  }

  private static int code(PublishResponse response) {
    return response.getFailure().getCode();
  }

  @Test
  void answersEachMessageUnderItsNumber() {
    try (Door door = new Door(directory)) {
      Talk<PublishRequest, PublishResponse> call = open(door);
      for (int i = 0; i < 5_000; i++) {
        call.say(request(i * 3L, "a/b", "body " + i));
      }
      call.call().onCompleted();

      assertThat(call.awaitEnd()).isEqualTo(Status.OK);
      assertThat(call.answers()).hasSize(5_000).allMatch(PublishResponse::hasReceipt);
      assertThat(call.answers().stream().map(PublishResponse::getNumber))
          .containsExactlyInAnyOrderElementsOf(
              LongStream.range(0, 5_000).map(i -> i * 3).boxed().toList());
      assertThat(call.answers().stream().map(answer -> answer.getReceipt().getOffset()))
          .doesNotHaveDuplicates();
      assertThat(call.answers().getFirst().getReceipt().getDurability())
          .isEqualTo(ReceiptDurability.RECEIPT_DURABILITY_DURABLE);
    }
  }

  @Test
  void keepsEverythingOfAMessage() throws IOException {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("jobs"));
      Message.Builder message =
          Message.newBuilder()
              .setTopic("$queue/jobs")
              .setKey(ByteString.copyFromUtf8("k"))
              .setTimeMicros(17)
              .putHeaders("a", "1")
              .setContentType("text/plain")
              .setId(ByteString.copyFromUtf8("id 1"))
              .setTtlMillis(60_000)
              .setPriority(0);
      Talk<PublishRequest, PublishResponse> call = open(door);
      call.say(request(1, message, "x")).await(1);
      call.say(request(2, message, "x")).await(2);

      door.awaitLength("jobs", 1);

      dev.weir.message.Message stored = door.broker.queues().peek("jobs", 10).getFirst().message();
      assertThat(stored.key()).isEqualTo(Bytes.utf8("k"));
      assertThat(stored.timeMicros()).isEqualTo(17);
      assertThat(stored.headers()).containsExactly(Map.entry("a", "1"));
      assertThat(stored.contentType()).isEqualTo("text/plain");
      assertThat(stored.id()).isEqualTo(Bytes.utf8("id 1"));
      assertThat(stored.ttl()).isEqualTo(Duration.ofMinutes(1));
      assertThat(stored.priority()).isZero();
      assertThat(call.answers().get(0).getReceipt().getIsDuplicate()).isFalse();
      assertThat(call.answers().get(1).getReceipt().getIsDuplicate()).isTrue();
      assertThat(door.broker.queues().details("jobs").figures().length()).isEqualTo(1);
    }
  }

  @Test
  void aRefusedMessageHarmsNoOther() {
    try (Door door = new Door(directory)) {
      Talk<PublishRequest, PublishResponse> call = open(door);
      call.say(request(1, "a/+/b", "x")).await(1);
      call.say(request(2, "$queue/none", "x")).await(2);
      call.say(request(3, Message.newBuilder().setTopic("a").setPriority(10), "x")).await(3);
      call.say(request(4, Message.newBuilder().setTopic("a").setTtlMillis(-1), "x")).await(4);
      call.say(PublishRequest.newBuilder().setNumber(5).build()).await(5);
      call.say(request(6, "a", "x")).await(6);

      List<PublishResponse> answers = call.answers();
      assertThat(code(answers.get(0))).isEqualTo(ErrorCode.INVALID_TOPIC.number());
      assertThat(code(answers.get(1))).isEqualTo(ErrorCode.INVALID_TOPIC.number());
      assertThat(answers.get(1).getFailure().getDetail()).contains("'none'");
      assertThat(code(answers.get(2))).isEqualTo(ErrorCode.MALFORMED.number());
      assertThat(answers.get(2).getFailure().getDetail()).contains("priority is 10");
      assertThat(code(answers.get(3))).isEqualTo(ErrorCode.MALFORMED.number());
      assertThat(code(answers.get(4))).isEqualTo(ErrorCode.INVALID_TOPIC.number());
      assertThat(answers.get(5).hasReceipt()).isTrue();
    }
  }

  @Test
  void refusesWhatAFullQueueCannotTake() {
    try (Door door = new Door(directory)) {
      door.create(
          QueueSpec.of("small")
              .withSettings(QueueSettings.defaults().withMaxLength(1, Overflow.REJECT)));
      Talk<PublishRequest, PublishResponse> call = open(door);
      call.say(request(1, "$queue/small", "x")).await(1);
      door.awaitLength("small", 1);

      call.say(request(2, "$queue/small", "y")).await(2);

      assertThat(code(call.answers().get(1))).isEqualTo(ErrorCode.OVERLOADED.number());
    }
  }

  @Test
  void aClientThatReadsNoReceiptsIsNotReadFrom() {
    try (Door door = new Door(directory)) {
      ManagedChannel channel = door.narrowChannel();
      Talk<PublishRequest, PublishResponse> call =
          Talk.open(BrokerGrpc.newStub(channel)::publish, true);
      String body = "x".repeat(100);
      for (int i = 0; i < 40_000; i++) {
        call.say(request(i, "a", body));
      }
      call.call().onCompleted();
      door.awaitCalm();
      assertThat(door.broker.stats().storedMessages()).isLessThan(20_000);

      call.call().request(100_000);

      assertThat(call.awaitEnd()).isEqualTo(Status.OK);
      assertThat(call.answers()).hasSize(40_000).allMatch(PublishResponse::hasReceipt);
      channel.shutdownNow();
    }
  }

  @Test
  void aDrainAnswersWhatWasReadAndEndsTheCall() {
    try (Door door = new Door(directory)) {
      Talk<PublishRequest, PublishResponse> call = open(door);
      call.say(request(1, "a", "x")).await(1);

      door.door.drain();

      assertThat(call.awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(call.awaitEnd().getDescription()).contains("closing");
      assertThat(open(door).awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }
}
