package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.log.FileDisk;
import dev.weir.message.Batch;
import dev.weir.message.BatchHeader;
import dev.weir.message.Codec;
import dev.weir.message.Durability;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.message.Topic;
import dev.weir.message.TopicFilter;
import dev.weir.testkit.Eventually;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalBrokerTest {
  @TempDir Path directory;

  private Core limited(LocalBrokerConfig limits) {
    return new Core(EmbeddedEngineConfig.of(directory), limits, new FileDisk(), Clock.SYSTEM);
  }

  @Test
  void answersWithAReceipt() {
    try (Core core = Core.in(directory)) {
      core.publish(Batches.numbered("a", 0, 7));

      Receipt receipt = core.publish(Batches.numbered("a", 7, 2));

      assertThat(receipt.durability()).isEqualTo(Durability.DURABLE);
      assertThat(receipt.position().toString()).isEqualTo("main/0@7");
      assertThat(receipt.isDuplicate()).isFalse();
    }
  }

  @Test
  void publishesSingleMessages() {
    try (Core core = Core.in(directory)) {
      Message message =
          Message.of("a/b", "body")
              .withKey(Bytes.utf8("key"))
              .withHeaders(Map.of("name", "value"))
              .withContentType("text/plain")
              .withPriority(7);

      Receipt receipt = core.broker.publish(message).toCompletableFuture().join();

      Message stored = core.read("#", new Start.First()).messages().getFirst();
      assertThat(receipt.position().offset()).isZero();
      assertThat(stored.timeMicros()).isPositive();
      assertThat(stored.withTimeMicros(0)).isEqualTo(message);
    }
  }

  @Test
  void singleMessagesWaitForRoomUpToALimit() {
    EmbeddedEngineConfig config =
        EmbeddedEngineConfig.of(directory)
            .withSizes(ByteSize.ofMebibytes(1), ByteSize.ofKibibytes(64));
    try (Core core = Core.in(config)) {
      List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        receipts.add(
            core.broker
                .publish(Message.of("a", i + " " + "x".repeat(2_000)))
                .toCompletableFuture());
      }
      int stored = 0;
      for (CompletableFuture<Receipt> receipt : receipts) {
        try {
          receipt.join();
          stored++;
        } catch (CompletionException e) {
          assertThat(e.getCause())
              .isInstanceOfSatisfying(
                  WeirException.class,
                  cause -> assertThat(cause.code()).isEqualTo(ErrorCode.OVERLOADED));
        }
      }

      assertThat(stored).isGreaterThan(1_000);
      List<Integer> numbers =
          core.bodies("a").stream().map(b -> Integer.valueOf(b.split(" ", 2)[0])).toList();
      assertThat(numbers).hasSize(stored).isSorted();
    }
  }

  @Test
  void refusesWhenFullAndTellsWhenThereIsRoom() {
    EmbeddedEngineConfig config =
        EmbeddedEngineConfig.of(directory)
            .withSizes(ByteSize.ofMebibytes(1), ByteSize.ofKibibytes(64));
    try (Core core = Core.in(config)) {
      AtomicInteger rooms = new AtomicInteger();
      core.broker.onRoom(rooms::incrementAndGet);
      Batch batch = Batches.of(0, List.of(Message.of("a", "x".repeat(30_000))));
      int refused = 0;
      for (int i = 0; i < 100; i++) {
        Outcome outcome = new Outcome();
        int before = rooms.get();
        while (!core.broker.offer(PublishRequest.of(batch), outcome)) {
          refused++;
          Eventually.eventually("room", () -> rooms.get() > before);
        }
      }

      assertThat(refused).isPositive();
    }
    try (Core core = Core.in(config)) {
      assertThat(core.read("a", new Start.First()).messages()).hasSize(100);
    }
  }

  @Test
  void letsALaneTellItsLosses() {
    Batch loss = Batches.of(Message.of(Topic.LOSS, "x"));
    try (Core core = Core.in(directory)) {
      assertThat(core.offer(loss).failure().code()).isEqualTo(ErrorCode.INVALID_TOPIC);

      core.offer(loss, Batches.at(0, 1)).receipt();

      assertThat(core.read(Topic.LOSS, new Start.First()).messages()).hasSize(1);
    }
  }

  @Test
  void refusesTopicsThatAreWeirsOwn() {
    try (Core core = Core.in(directory)) {
      Outcome outcome = core.offer(Batches.of(Message.of("a", "x"), Message.of("$weir/x", "x")));

      assertThat(outcome.failure().code()).isEqualTo(ErrorCode.INVALID_TOPIC);
      assertThat(outcome.failure()).hasMessageContaining("$weir/x");
    }
  }

  @Test
  void refusesWhatDoesNotDecode() {
    try (Core core = Core.in(directory)) {
      Batch good = Batches.numbered("a", 0, 100);
      Bytes cut = good.payload().slice(0, good.payload().length() - 9);
      Bytes header = good.header();
      List<Batch> bad =
          List.of(
              new Batch(good.codec(), 100, good.rawLength(), header, cut),
              new Batch(good.codec(), 99, good.rawLength(), header, good.payload()),
              new Batch(good.codec(), 100, good.rawLength() - 1, header, good.payload()),
              new Batch(Codec.NONE, 100, good.rawLength(), header, good.payload()),
              new Batch(good.codec(), 100, good.rawLength(), Bytes.EMPTY, good.payload()),
              new Batch(
                  good.codec(),
                  100,
                  good.rawLength(),
                  Bytes.wrap(new byte[] {1, 2}),
                  good.payload()));

      for (Batch batch : bad) {
        assertThat(core.offer(batch).failure().code()).isEqualTo(ErrorCode.MALFORMED);
      }
      assertThat(core.bodies("#")).isEmpty();
      assertThat(core.broker.stats().refusedBatches()).isEqualTo(bad.size());
    }
  }

  @Test
  void refusesWhatIsBeyondItsLimits() {
    LocalBrokerConfig defaults = LocalBrokerConfig.defaults();
    LocalBrokerConfig limits =
        new LocalBrokerConfig(
            ByteSize.ofKibibytes(10),
            defaults.maxMessageBytes(),
            2,
            10,
            ByteSize.ofMebibytes(1),
            defaults.heldBytes(),
            10,
            100,
            1_000);
    try (Core core = limited(limits)) {
      Batch large = Batches.of(0, List.of(Message.of("a", "x".repeat(20_000))));

      assertThat(core.offer(large).failure().code()).isEqualTo(ErrorCode.TOO_LARGE);

      core.subscribe("a", new Start.Live(), 0);
      core.subscribe("a", new Start.Live(), 0);
      assertThatThrownBy(() -> core.subscribe("a", new Start.Live(), 0))
          .isInstanceOfSatisfying(
              WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
    }
  }

  @Test
  void refusesABatchForOneMessageOverTheLimitHoweverSmallItCompresses() {
    LocalBrokerConfig config =
        LocalBrokerConfig.defaults().withMaxMessageBytes(ByteSize.ofMebibytes(1));
    Message largest = Message.of("a", Bytes.wrap(new byte[1 << 20]));
    Message beyond = Message.of("a", Bytes.wrap(new byte[(1 << 20) + 1]));
    try (Core core = limited(config)) {
      Batch mixed = Batches.of(Message.of("a", "before"), beyond, Message.of("a", "behind"));
      assertThat(mixed.weight()).isLessThan(10_000);

      Outcome refused = core.offer(mixed, Batches.at(0, 1));

      assertThat(refused.failure().code()).isEqualTo(ErrorCode.TOO_LARGE);
      assertThat(refused.failure()).hasMessageContaining("1048577 bytes, the limit is 1048576");
      assertThat(core.broker.durableSequence(Batches.EDGE, 0)).as("passed").isEqualTo(1);
      core.offer(Batches.of(largest), Batches.at(0, 2)).receipt();
      assertThat(core.offer(Batches.of(beyond)).failure().code()).isEqualTo(ErrorCode.TOO_LARGE);
      assertThat(core.read("a", new Start.First()).messages()).hasSize(1);
    }
  }

  @Test
  void doesNotBelieveASourceInTheHeader() {
    try (Core core = Core.in(directory)) {
      Batch good = Batches.numbered("a", 0, 1);
      Bytes header = BatchHeader.withSource(Batches.EDGE, good.header());
      Batch spoofed = new Batch(good.codec(), 1, good.rawLength(), header, good.payload());
      core.publish(spoofed);

      assertThat(core.broker.durableSequence(Batches.EDGE, 0)).isZero();
      Delivery delivery = core.read("a", new Start.First()).deliveries().getFirst();
      BatchHeader delivered = BatchHeader.decode(delivery.batch().header());
      assertThat(delivered).isEqualTo(BatchHeader.of(List.of("a")));
    }
    try (Core core = Core.in(directory)) {
      assertThat(core.broker.durableSequence(Batches.EDGE, 0)).isZero();
    }
  }

  @Test
  void countsByTopicUpToALimit() {
    try (Core core = limited(LocalBrokerConfig.defaults().withMaxTopics(3))) {
      core.publish(
          Batches.of(Message.of("a/1", "xx"), Message.of("a/2", "xxx"), Message.of("a/1", "x")));
      core.publish(Batches.numbered("b", 0, 10));

      TopicListing all = core.broker.topics(TopicFilter.ALL, 10);
      assertThat(all.isComplete()).isTrue();
      assertThat(all.topics())
          .extracting(TopicStatistics::topic)
          .containsExactly("a/1", "a/2", "b");
      assertThat(all.topics().getFirst().messages()).isEqualTo(2);
      assertThat(all.topics().getFirst().bytes()).isEqualTo(3);
      assertThat(all.topics().getFirst().lastMicros()).isPositive();
      assertThat(core.broker.topics(TopicFilter.parse("a/+"), 1).isComplete()).isFalse();

      core.publish(Batches.numbered("c", 0, 1));
      assertThat(core.broker.topics(TopicFilter.ALL, 10).isComplete()).isFalse();
      assertThat(core.bodies("c")).hasSize(1);
    }
  }

  @Test
  void anIdDoesNotHideTheMessageBehindTheCount() {
    try (Core core = Core.in(directory)) {
      Batch good = Batches.numbered("a", 0, 1);
      BatchHeader claims =
          new BatchHeader(List.of("a"), Optional.empty(), Bytes.EMPTY, Map.of(5, Bytes.utf8("id")));
      Batch odd = new Batch(good.codec(), 1, good.rawLength(), claims.encode(), good.payload());

      assertThat(core.publish(odd).isDuplicate()).isFalse();
      assertThat(core.publish(odd).isDuplicate()).isFalse();
    }
  }

  @Test
  void closesTwiceAndTakesNothingAfterwards() {
    Core core = Core.in(directory);
    core.publish(Batches.numbered("a", 0, 1));
    core.close();
    core.close();

    Outcome outcome = new Outcome();
    boolean isTaken = core.broker.offer(PublishRequest.of(Batches.numbered("a", 1, 1)), outcome);

    assertThat(!isTaken || outcome.failure().code() == ErrorCode.CONNECTION_LOST).isTrue();
    assertThatThrownBy(() ->
            core.broker.subscribe(SubscriptionRequest.of("a", new Start.Live()), new Recorder()))
        .isInstanceOf(WeirException.class);
  }
}
