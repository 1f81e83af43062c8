package dev.weir.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.base.ErrorCode;
import dev.weir.broker.QueueDetails;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.proto.v1.ConsumeRequest;
import dev.weir.proto.v1.ConsumeResponse;
import dev.weir.proto.v1.Message;
import dev.weir.proto.v1.PublishOutcome;
import dev.weir.proto.v1.PublishRequest;
import dev.weir.proto.v1.PublishResponse;
import dev.weir.proto.v1.QueueDelivery;
import dev.weir.proto.v1.Settled;
import dev.weir.proto.v1.Settlement;
import dev.weir.proto.v1.Settlements;
import dev.weir.testkit.Eventually;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Several messages, receipts, deliveries and settlements in one gRPC message, beside clients that
/// do one thing at a time.
@Timeout(60)
final class GatheringCallTest {
  @TempDir Path directory;

  private static final QueueSpec JOBS =
      QueueSpec.of("jobs")
          .withSettings(QueueSettings.defaults().withRetry(0, Duration.ZERO, Duration.ZERO));

  private static Talk<PublishRequest, PublishResponse> publisher(Door door) {
    return Talk.open(door.stub()::publish);
  }

  private static Message message(String body) {
    return Message.newBuilder()
        .setTopic("$queue/jobs")
        .setBody(ByteString.copyFromUtf8(body))
        .build();
  }

  private static PublishRequest.Builder several(long number, int from, int to) {
    PublishRequest.Builder request =
        PublishRequest.newBuilder().setNumber(number).setMessage(message("" + from));
    IntStream.range(from + 1, to).forEach(i -> request.addMore(message("" + i)));
    return request;
  }

  /// The outcomes by number, each told once.
  private static Map<Long, PublishResponse> outcomes(
      Talk<PublishRequest, PublishResponse> call, int count) {
    Eventually.eventually(count + " outcomes", () -> outcomes(call).size() >= count);
    return outcomes(call);
  }

  private static Map<Long, PublishResponse> outcomes(Talk<PublishRequest, PublishResponse> call) {
    Map<Long, PublishResponse> byNumber = new TreeMap<>();
    for (PublishResponse answer : call.answers()) {
      add(byNumber, answer);
      for (PublishOutcome each : answer.getMoreList()) {
        PublishResponse.Builder alone =
            PublishResponse.newBuilder().setNumber(each.getNumber()).setCount(each.getCount());
        add(
            byNumber,
            (each.hasReceipt()
                    ? alone.setReceipt(each.getReceipt())
                    : alone.setFailure(each.getFailure()))
                .build());
      }
    }
    return byNumber;
  }

  private static PublishResponse at(Map<Long, PublishResponse> outcomes, long number) {
    PublishResponse found = outcomes.get(number);
    if (found == null) {
      throw new AssertionError("nothing was told of " + number);
    }
    return found;
  }

  private static void add(Map<Long, PublishResponse> byNumber, PublishResponse answer) {
    for (int i = 0; i < Math.max(1, answer.getCount()); i++) {
      PublishResponse.Builder each = answer.toBuilder().clearMore();
      if (answer.hasReceipt()) {
        each.getReceiptBuilder().setOffset(answer.getReceipt().getOffset() + i);
      }
      assertThat(byNumber.put(answer.getNumber() + i, each.build())).isNull();
    }
  }

  private static void fill(Door door, int count) {
    Talk<PublishRequest, PublishResponse> call = publisher(door);
    call.say(several(1, 0, count).build());
    outcomes(call, count);
    call.call().onCompleted();
    door.awaitLength("jobs", count);
  }

  private static QueueDetails jobs(Door door) {
    return door.broker.queues().details("jobs");
  }

  @Test
  void severalMessagesGoInOneRequestAndTheirReceiptsInOneAnswer() {
    try (Door door = new Door(directory)) {
      door.create(JOBS);
      Talk<PublishRequest, PublishResponse> call = publisher(door);
      call.say(several(1, 0, 1).setGathers(true).build());
      assertThat(at(outcomes(call, 1), 1).getCount()).isEqualTo(1);
      call.say(several(5, 1, 401).build()).say(several(405, 401, 501).build());

      Map<Long, PublishResponse> outcomes = outcomes(call, 501);

      assertThat(outcomes.values()).allMatch(PublishResponse::hasReceipt);
      assertThat(at(outcomes, 504).getReceipt().getOffset()).isEqualTo(500);
      assertThat(call.answers()).hasSizeLessThan(10);
      assertThat(door.broker.stats().storedBatches()).isLessThan(10);
      Consumed consumed = Consumed.open(door, "jobs", 1_000);
      consumed.await(501);
      assertThat(consumed.bodies())
          .containsExactlyElementsOf(IntStream.range(0, 501).mapToObj(Integer::toString).toList());
    }
  }

  @Test
  void whoDoesNotGatherIsAnsweredOneByOne() {
    try (Door door = new Door(directory)) {
      door.create(JOBS);
      Talk<PublishRequest, PublishResponse> call = publisher(door);
      call.say(several(1, 0, 100).build()).say(several(101, 100, 101).build());
      outcomes(call, 101);

      assertThat(call.answers()).hasSize(101).allMatch(answer -> answer.getCount() == 0);
      Consumed consumed = Consumed.open(door, "jobs", 1_000);
      List<QueueDelivery> deliveries = consumed.await(101);
      assertThat(consumed.talk().answers()).hasSize(102);
      assertThat(consumed.talk().answers().subList(1, 102)).allMatch(ConsumeResponse::hasDelivery);
      List<Settled> settled =
          consumed.settle(Settlements.newBuilder().addAllAcked(leases(deliveries)));
      assertThat(settled).noneMatch(Settled::hasFailure);
      assertThat(consumed.talk().answers()).hasSize(203);
      assertThat(jobs(door).acked()).isEqualTo(101);
    }
  }

  private static List<Long> leases(List<QueueDelivery> deliveries) {
    return deliveries.stream().map(QueueDelivery::getLease).toList();
  }

  @Test
  void aRefusedMessageHarmsNoOtherOfItsRequest() {
    try (Door door = new Door(directory)) {
      door.create(JOBS);
      Talk<PublishRequest, PublishResponse> call = publisher(door);
      PublishRequest.Builder request = several(1, 0, 10).setGathers(true);
      request.setMore(3, Message.newBuilder().setTopic("a/+").build());
      request.setMore(5, Message.newBuilder().setTopic("$queue/none").build());
      request.setMore(6, message("x").toBuilder().setPriority(10).build());
      call.say(request.build());

      Map<Long, PublishResponse> outcomes = outcomes(call, 10);

      assertThat(at(outcomes, 5).getFailure().getCode())
          .isEqualTo(ErrorCode.INVALID_TOPIC.number());
      assertThat(at(outcomes, 7).getFailure().getDetail()).contains("'none'");
      assertThat(at(outcomes, 8).getFailure().getCode()).isEqualTo(ErrorCode.MALFORMED.number());
      assertThat(outcomes.values().stream().filter(PublishResponse::hasReceipt)).hasSize(7);
      assertThat(jobs(door).spec().name()).isEqualTo("jobs");
      door.awaitLength("jobs", 7);
    }
  }

  @Test
  void requestsThatAreTooLongAreRefusedAsAWhole() {
    try (Door door = new Door(directory)) {
      door.create(JOBS);
      Talk<PublishRequest, PublishResponse> call = publisher(door);
      call.say(several(1, 0, 1_025).setGathers(true).build());
      call.say(several(2_000, 0, 1_024).build());

      Map<Long, PublishResponse> outcomes = outcomes(call, 2_049);

      assertThat(at(outcomes, 1_025).getFailure().getDetail()).contains("1025 messages");
      assertThat(outcomes.values().stream().filter(PublishResponse::hasReceipt)).hasSize(1_024);
      door.awaitLength("jobs", 1_024);
      Consumed consumed = Consumed.gathering(door, "jobs", 10);
      consumed.await(10);
      Settlements.Builder tooMany = Settlements.newBuilder();
      IntStream.range(0, 10_001).forEach(tooMany::addAcked);
      consumed.talk().say(ConsumeRequest.newBuilder().setSettleSeveral(tooMany).build());
      assertThat(consumed.failure().getDetail()).contains("settlements is 10001");
    }
  }

  @Test
  void deliveriesAndAcksAreGathered() {
    try (Door door = new Door(directory)) {
      door.create(JOBS);
      fill(door, 1_000);
      Consumed consumed = Consumed.gathering(door, "jobs", 1_000);

      List<QueueDelivery> deliveries = consumed.await(1_000);
      List<Settled> settled =
          consumed.settle(Settlements.newBuilder().addAllAcked(leases(deliveries)));

      assertThat(consumed.talk().answers().getFirst().getOpened().getGathers()).isTrue();
      assertThat(consumed.talk().answers()).hasSizeLessThan(100);
      assertThat(consumed.bodies())
          .containsExactlyElementsOf(
              IntStream.range(0, 1_000).mapToObj(Integer::toString).toList());
      assertThat(settled.stream().map(Settled::getLease))
          .containsExactlyElementsOf(leases(deliveries));
      assertThat(settled).noneMatch(Settled::hasFailure);
      assertThat(jobs(door).figures().length()).isZero();
    }
  }

  @Test
  void gatheredDeliveriesAreBounded() {
    try (Door door = new Door(directory)) {
      door.create(JOBS);
      Talk<PublishRequest, PublishResponse> call = publisher(door);
      for (int i = 0; i < 20; i++) {
        call.say(
            PublishRequest.newBuilder()
                .setNumber(i)
                .setMessage(message(i + "x".repeat(100_000)))
                .build());
      }
      call.say(
          PublishRequest.newBuilder()
              .setNumber(20)
              .setMessage(message("y".repeat(600_000)))
              .build());
      outcomes(call, 21);

      Consumed consumed = Consumed.gathering(door, "jobs", 1_000);
      consumed.await(21);

      assertThat(consumed.talk().answers())
          .allMatch(answer ->
              answer.getSerializedSize() < 300_000
                  || answer.getDeliveries().getDeliveriesCount() == 1);
    }
  }

  @Test
  void severalAreSettledEachInItsOwnWay() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("dead"));
      door.create(QueueSpec.of("jobs").withDeadLetter("dead").withSettings(JOBS.settings()));
      fill(door, 5);
      Consumed consumed = Consumed.gathering(door, "jobs", 10);
      List<Long> leases = leases(consumed.await(5));

      List<Settled> settled =
          consumed.settle(
              Settlements.newBuilder()
                  .addSettlements(
                      Settlement.newBuilder()
                          .setLease(leases.get(0))
                          .setExtend(Settlement.Extension.newBuilder().setLeaseMillis(60_000)))
                  .addSettlements(
                      Settlement.newBuilder()
                          .setLease(leases.get(1))
                          .setNack(Settlement.Nack.getDefaultInstance()))
                  .addSettlements(
                      Settlement.newBuilder()
                          .setLease(leases.get(2))
                          .setNack(Settlement.Nack.newBuilder().setDelayMillis(-1)))
                  .addSettlements(
                      Settlement.newBuilder()
                          .setLease(leases.get(3))
                          .setReject(Settlement.Reject.getDefaultInstance()))
                  .addSettlements(Settlement.newBuilder().setLease(leases.get(4)))
                  .addAcked(leases.get(0))
                  .addAcked(12345)
                  .addAcked(leases.get(3)));

      assertThat(settled.stream().filter(Settled::hasFailure).map(Settled::getLease))
          .containsExactly(leases.get(2), leases.get(4), 12345L, leases.get(3));
      assertThat(settled.stream().filter(Settled::hasFailure).map(s -> s.getFailure().getCode()))
          .containsExactly(
              ErrorCode.MALFORMED.number(),
              ErrorCode.MALFORMED.number(),
              ErrorCode.LEASE_OVER.number(),
              ErrorCode.LEASE_OVER.number());
      assertThat(consumed.await(6).getLast().getQueued().getDeliveries()).isEqualTo(2);
      assertThat(Consumed.open(door, "dead", 1).await(1)).hasSize(1);
      assertThat(jobs(door).acked()).isEqualTo(1);
    }
  }

  @Test
  void aPrefetchOfOneIsOneAtATime() {
    try (Door door = new Door(directory)) {
      door.create(JOBS);
      fill(door, 20);
      Consumed consumed = Consumed.gathering(door, "jobs", 1);
      for (int i = 0; i < 20; i++) {
        List<QueueDelivery> deliveries = consumed.await(i + 1);
        assertThat(deliveries).hasSize(i + 1);
        assertThat(jobs(door).figures().held()).isEqualTo(1);
        consumed.settle(Settlements.newBuilder().addAcked(deliveries.getLast().getLease()));
      }
      assertThat(jobs(door).figures().length()).isZero();
    }
  }

  @Test
  void whatWasSettledBeforeTheHalfCloseIsAnswered() {
    try (Door door = new Door(directory)) {
      door.create(JOBS);
      fill(door, 100);
      Consumed consumed = Consumed.gathering(door, "jobs", 100);
      List<Long> leases = leases(consumed.await(100));
      consumed
          .talk()
          .say(
              ConsumeRequest.newBuilder()
                  .setSettleSeveral(Settlements.newBuilder().addAllAcked(leases.subList(0, 60)))
                  .build())
          .call()
          .onCompleted();

      assertThat(consumed.talk().awaitEnd()).isEqualTo(Status.OK);
      assertThat(consumed.settled()).hasSize(60).noneMatch(Settled::hasFailure);
      door.awaitLength("jobs", 40);
    }
  }

  @Test
  void nothingIsSettledBeforeAQueueIsNamed() {
    try (Door door = new Door(directory)) {
      Consumed early = Consumed.silent(door, false);
      early
          .talk()
          .say(
              ConsumeRequest.newBuilder()
                  .setSettleSeveral(Settlements.newBuilder().addAcked(1))
                  .build());
      assertThat(early.failure().getDetail()).contains("must name a queue");
    }
  }
}
