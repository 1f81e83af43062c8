package dev.weir.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.broker.SubscriptionStats;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Codec;
import dev.weir.message.Message;
import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.Delivery;
import dev.weir.proto.v1.ListTopicsRequest;
import dev.weir.proto.v1.ListTopicsResponse;
import dev.weir.proto.v1.SubscribeRequest;
import dev.weir.proto.v1.SubscribeResponse;
import dev.weir.proto.v1.SubscriptionOpening;
import dev.weir.proto.v1.SubscriptionStart;
import dev.weir.testkit.Eventually;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrokerServiceTest {
  @TempDir Path directory;

  private static Message[] numbered(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> Message.of("a", Integer.toString(i)))
        .toArray(Message[]::new);
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  private static ErrorCode failure(Reader reader) {
    SubscribeResponse last = reader.awaitEnd().responses().getLast();
    assertThat(last.hasFailed()).isTrue();
    assertThat(last.getFailed().getDetail()).isNotBlank();
    for (ErrorCode code : ErrorCode.values()) {
      if (code.number() == last.getFailed().getCode()) {
        return code;
      }
    }
    throw new AssertionError("no such code: " + last.getFailed().getCode());
  }

  private static SubscriptionStats.State state(Door door) {
    List<SubscriptionStats> open = door.broker.stats().subscriptions();
    return open.isEmpty() ? SubscriptionStats.State.ENDED : open.getFirst().state();
  }

  @Test
  void deliversWhatIsStoredAndEnds() {
    try (Door door = new Door(directory)) {
      door.publish(numbered(0, 10));

      Reader reader =
          Reader.open(
              door, Reader.opening("a").setEndAtTail(true).setCreditLimitMessages(-1).build());

      assertThat(reader.awaitEnd().bodies()).isEqualTo(numbers(0, 10));
      assertThat(reader.responses().getFirst().getOpened().getCursor()).startsWith("w1");
      assertThat(reader.deliveries().getFirst().getOffsetDeltasList()).isEmpty();
      assertThat(reader.deliveries().getFirst().getNextOffset()).isEqualTo(10);
      assertThat(reader.deliveries().getFirst().getStoredMicros()).isPositive();
    }
  }

  @Test
  void givesColumnsToWhoAsksForThemAndRowsToOthers() {
    try (Door door = new Door(directory)) {
      BatchBuilder builder = new BatchBuilder(1 << 20, true);
      List<Message> messages = IntStream.range(0, 20).mapToObj(BrokerServiceTest::scrape).toList();
      messages.forEach(builder::add);
      Batch batch = builder.build(1, Bytes.EMPTY);
      door.publish(batch);

      var opening = Reader.opening("#").setEndAtTail(true).setCreditLimitMessages(-1);
      Reader foreign = Reader.open(door, opening.build()).awaitEnd();
      Reader own = Reader.open(door, opening.addCodecs(2).build()).awaitEnd();

      assertThat(batch.codec()).isEqualTo(Codec.COLUMNAR_ZSTD);
      Delivery rows = foreign.deliveries().getFirst();
      Delivery columns = own.deliveries().getFirst();
      assertThat(rows.getCodec()).isEqualTo(Codec.ZSTD.number());
      assertThat(columns.getCodec()).isEqualTo(Codec.COLUMNAR_ZSTD.number());
      assertThat(columns.getPayload().toByteArray()).isEqualTo(batch.payload().toArray());
      assertThat(foreign.messages(rows)).isEqualTo(messages);
      assertThat(own.messages(columns)).isEqualTo(messages);
    }
  }

  private static Message scrape(int round) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      text.append("temperature_celsius{room=\"").append(i).append("\"} 2").append(i % 10);
      text.append('.').append(round % 10).append(" 17672256").append(10 + round).append("000\n");
    }
    return Message.of("metrics", text.toString())
        .withContentType("text/plain; version=0.0.4")
        .withTimeMicros(1_767_225_600_000_000L);
  }

  @Test
  void namesOffsetsOfASelection() {
    try (Door door = new Door(directory)) {
      door.publish(Message.of("b", "x"), Message.of("a", "1"), Message.of("b", "y"));
      door.publish(Message.of("a", "3"), Message.of("b", "z"), Message.of("a", "5"));

      Reader reader =
          Reader.open(
              door, Reader.opening("a").setEndAtTail(true).setCreditLimitMessages(100).build());

      assertThat(reader.awaitEnd().bodies()).containsExactly("1", "3", "5");
      assertThat(reader.deliveries().get(0).getBaseOffset()).isEqualTo(1);
      assertThat(reader.deliveries().get(1).getBaseOffset()).isEqualTo(3);
      assertThat(reader.deliveries().get(1).getOffsetDeltasList()).containsExactly(0, 2);
    }
  }

  @Test
  void honoursCredit() {
    try (Door door = new Door(directory)) {
      door.publish(numbered(0, 10));
      Reader reader = Reader.open(door, Reader.opening("a").setCreditLimitMessages(4).build());
      reader.awaitBodies(4);
      Eventually.eventually(
          "it waits", () -> state(door) == SubscriptionStats.State.WAITING_FOR_CREDIT);
      assertThat(reader.bodies()).isEqualTo(numbers(0, 4));

      reader.grant(10);

      assertThat(reader.awaitBodies(10).bodies()).isEqualTo(numbers(0, 10));
    }
  }

  @Test
  void goesOnFromACursorOfAnotherCall() {
    try (Door door = new Door(directory)) {
      door.publish(numbered(0, 5));
      Reader live =
          Reader.open(
              door,
              SubscriptionOpening.newBuilder().addFilters("#").setCreditLimitMessages(9).build());
      Eventually.eventually("it is open", () -> !live.responses().isEmpty());
      String cursor = live.responses().getFirst().getOpened().getCursor();
      door.publish(numbered(5, 9));

      Reader later =
          Reader.open(
              door,
              SubscriptionOpening.newBuilder()
                  .addFilters("#")
                  .setStart(SubscriptionStart.newBuilder().setCursor(cursor))
                  .setEndAtTail(true)
                  .setCreditLimitMessages(100)
                  .build());

      assertThat(later.awaitEnd().bodies()).isEqualTo(numbers(5, 9));
    }
  }

  @Test
  void waitsForAConsumerThatDoesNotRead() {
    try (Door door = new Door(directory)) {
      String body = "x".repeat(500_000);
      for (int i = 0; i < 40; i++) {
        door.publish(Message.of("a", i + " " + body));
      }
      Reader slow =
          Reader.open(door, Reader.opening("a").setCreditLimitMessages(1_000).build(), true);
      Eventually.eventually(
          "it waits", () -> state(door) == SubscriptionStats.State.WAITING_FOR_TRANSPORT);
      long sent = door.broker.stats().deliveredMessages();
      assertThat(sent).isLessThan(20);

      slow.call().request(100);

      List<String> bodies = slow.awaitBodies(40).bodies();
      for (int i = 0; i < 40; i++) {
        assertThat(bodies.get(i)).startsWith(i + " ");
      }
    }
  }

  /// More than may take their turns at a time.
  @Test
  void aCrowdThatDoesNotReadHoldsNobodyUp() throws InterruptedException {
    try (Door door = new Door(directory)) {
      ManagedChannel narrow = door.narrowChannel();
      try {
        var opening = Reader.opening("a").setCreditLimitMessages(1_000).build();
        for (int i = 0; i < 600; i++) {
          BrokerGrpc.newStub(narrow)
              .subscribe(new Reader(true))
              .onNext(SubscribeRequest.newBuilder().setOpen(opening).build());
        }
        Eventually.eventually(
            "all are open", () -> door.broker.stats().subscriptions().size() == 600);
        String body = "x".repeat(40_000);
        for (int i = 0; i < 10; i++) {
          door.publish(Message.of("a", i + " " + body));
        }

        Reader free = Reader.open(door, Reader.opening("a").setCreditLimitMessages(1_000).build());

        assertThat(free.awaitBodies(10).bodies()).hasSize(10);
        assertThat(door.broker.stats().deliveredMessages()).isLessThan(6_010);
      } finally {
        narrow.shutdownNow();
        var _ = narrow.awaitTermination(10, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void aCancelEndsTheSubscriptionWhereverItWaits() {
    try (Door door = new Door(directory)) {
      for (int i = 0; i < 10; i++) {
        door.publish(Message.of("a", "x".repeat(500_000)));
      }
      Reader stalled =
          Reader.open(door, Reader.opening("a").setCreditLimitMessages(1_000).build(), true);
      Eventually.eventually(
          "it waits", () -> state(door) == SubscriptionStats.State.WAITING_FOR_TRANSPORT);
      stalled.call().cancel("enough", null);
      Eventually.eventually("it is gone", () -> door.broker.stats().subscriptions().isEmpty());

      Reader broke = Reader.open(door, Reader.opening("a").build());
      Eventually.eventually(
          "it waits", () -> state(door) == SubscriptionStats.State.WAITING_FOR_CREDIT);
      broke.call().cancel("enough", null);
      Eventually.eventually("it is gone", () -> door.broker.stats().subscriptions().isEmpty());

      Reader idle = Reader.open(door, Reader.opening("b").setCreditLimitMessages(1).build());
      Eventually.eventually("it waits", () -> state(door) == SubscriptionStats.State.LIVE);
      idle.call().cancel("enough", null);
      Eventually.eventually("it is gone", () -> door.broker.stats().subscriptions().isEmpty());
    }
  }

  @Test
  void namesWhatIsWrongWithARequest() {
    try (Door door = new Door(directory)) {
      assertThat(failure(Reader.open(door, Reader.opening("a/#/b").build())))
          .isEqualTo(ErrorCode.INVALID_TOPIC);
      assertThat(failure(Reader.open(door, SubscriptionOpening.getDefaultInstance())))
          .isEqualTo(ErrorCode.MALFORMED);
      SubscriptionStart cursor = SubscriptionStart.newBuilder().setCursor("nonsense").build();
      assertThat(failure(Reader.open(door, Reader.opening("a").setStart(cursor).build())))
          .isEqualTo(ErrorCode.INVALID_CURSOR);
      SubscriptionStart last = SubscriptionStart.newBuilder().setLast(-1).build();
      assertThat(failure(Reader.open(door, Reader.opening("a").setStart(last).build())))
          .isEqualTo(ErrorCode.MALFORMED);

      Reader twice = Reader.open(door, Reader.opening("a").build());
      twice
          .call()
          .onNext(SubscribeRequest.newBuilder().setOpen(Reader.opening("a").build()).build());
      assertThat(failure(twice)).isEqualTo(ErrorCode.MALFORMED);

      Reader early = new Reader(false);
      door.stub()
          .subscribe(early)
          .onNext(SubscribeRequest.newBuilder().setCreditLimitMessages(1).build());
      assertThat(failure(early)).isEqualTo(ErrorCode.MALFORMED);

      Reader empty = new Reader(false);
      door.stub().subscribe(empty).onCompleted();
      assertThat(failure(empty)).isEqualTo(ErrorCode.MALFORMED);
      Eventually.eventually("all gone", () -> door.broker.stats().subscriptions().isEmpty());
    }
  }

  @Test
  void tellsConsumersThatTheCoreCloses() {
    try (Door door = new Door(directory)) {
      Reader reader = Reader.open(door, Reader.opening("a").build());
      Eventually.eventually("it is open", () -> !reader.responses().isEmpty());

      door.broker.close();

      assertThat(failure(reader)).isEqualTo(ErrorCode.CONNECTION_LOST);
    }
  }

  @Test
  void listsTopics() {
    try (Door door = new Door(directory)) {
      door.publish(Message.of("a/1", "xx"), Message.of("a/2", "x"), Message.of("b", "x"));
      BrokerGrpc.BrokerBlockingStub stub = BrokerGrpc.newBlockingStub(door.channel);

      ListTopicsResponse all = stub.listTopics(ListTopicsRequest.getDefaultInstance());
      ListTopicsResponse some =
          stub.listTopics(ListTopicsRequest.newBuilder().setFilter("a/+").setLimit(1).build());

      assertThat(all.getTopicsList()).extracting("topic").containsExactly("a/1", "a/2", "b");
      assertThat(all.getIsComplete()).isTrue();
      assertThat(all.getTopics(0).getBytes()).isEqualTo(2);
      assertThat(some.getTopicsList()).hasSize(1);
      assertThat(some.getIsComplete()).isFalse();
    }
  }

  @Test
  void refusesToListByAWrongFilter() {
    try (Door door = new Door(directory)) {
      BrokerGrpc.BrokerBlockingStub stub = BrokerGrpc.newBlockingStub(door.channel);

      assertThatThrownBy(
              () -> stub.listTopics(ListTopicsRequest.newBuilder().setFilter("a+").build()))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                assertThat(e.getStatus().getDescription()).startsWith("WEIR-7007");
                assertThat(e.getTrailers()).isNotNull();
              });
    }
  }
}
