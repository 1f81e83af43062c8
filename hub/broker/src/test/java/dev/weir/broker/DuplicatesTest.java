package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.log.FileDisk;
import dev.weir.message.Batch;
import dev.weir.message.Codec;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Duplicates by (source, lane, sequence) and by message id, across restarts.
final class DuplicatesTest {
  @TempDir Path directory;

  private Core open() {
    return Core.in(directory);
  }

  @Test
  void storesASequenceOnce() {
    try (Core core = open()) {
      Receipt first = core.offer(Batches.numbered("a", 0, 3), Batches.at(0, 1)).receipt();
      Receipt again = core.offer(Batches.numbered("a", 0, 3), Batches.at(0, 1)).receipt();

      assertThat(first.isDuplicate()).isFalse();
      assertThat(again.isDuplicate()).isTrue();
      assertThat(core.bodies("a")).containsExactly("0", "1", "2");
      assertThat(core.broker.stats().engine().duplicateBatches()).isEqualTo(1);
    }
  }

  @Test
  void keepsLanesApart() {
    try (Core core = open()) {
      core.offer(Batches.numbered("a", 0, 1), Batches.at(0, 1)).receipt();

      Receipt other = core.offer(Batches.numbered("a", 1, 1), Batches.at(1, 1)).receipt();

      assertThat(other.isDuplicate()).isFalse();
    }
  }

  @Test
  void remembersSequencesAcrossRestarts() {
    try (Core core = open()) {
      for (int i = 1; i <= 5; i++) {
        core.offer(Batches.numbered("a", i, 1), Batches.at(0, i)).receipt();
      }
    }
    try (Core core = open()) {
      assertThat(core.broker.durableSequence(Batches.EDGE, 0)).isEqualTo(5);
      assertThat(core.resume(0, 3)).isEqualTo(5);

      for (int i = 3; i <= 7; i++) {
        core.offer(Batches.numbered("a", i, 1), Batches.at(0, i)).receipt();
      }

      assertThat(core.bodies("a")).containsExactly("1", "2", "3", "4", "5", "6", "7");
    }
  }

  @Test
  void remembersSequencesThatOnlyASnapshotKnows() {
    EmbeddedEngineConfig small =
        EmbeddedEngineConfig.of(directory)
            .withSizes(ByteSize.ofKibibytes(64), ByteSize.ofMebibytes(1));
    try (Core core = Core.in(small)) {
      core.offer(Batches.numbered("a", 0, 1), Batches.at(7, 1)).receipt();
      core.offer(Batches.of(Batches.withId("a", "x", "early"))).receipt();
      for (int i = 0; i < 40; i++) {
        core.publish(Batches.of(0, List.of(Message.of("b", "x".repeat(10_000)))));
      }
      assertThat(core.engine.stats().partitions().getFirst().segments()).isGreaterThan(4);
    }
    try (Core core = Core.in(small)) {
      assertThat(core.broker.durableSequence(Batches.EDGE, 7)).isEqualTo(1);
      assertThat(core.publish(Batches.of(Batches.withId("a", "x", "early"))).isDuplicate())
          .isTrue();
    }
  }

  @Test
  void refusesASequenceBehindAGap() {
    try (Core core = open()) {
      core.offer(Batches.numbered("a", 0, 1), Batches.at(0, 1)).receipt();

      Outcome gap = core.offer(Batches.numbered("a", 2, 1), Batches.at(0, 3));

      assertThat(gap.failure().code()).isEqualTo(ErrorCode.OUT_OF_SEQUENCE);
      assertThat(gap.failure()).hasMessageContaining("expects 2, got 3");
      core.offer(Batches.numbered("a", 1, 1), Batches.at(0, 2)).receipt();
      core.offer(Batches.numbered("a", 2, 1), Batches.at(0, 3)).receipt();
      assertThat(core.bodies("a")).containsExactly("0", "1", "2");
    }
  }

  @Test
  void goesOnBehindAGapThatTheSenderDeclares() {
    try (Core core = open()) {
      core.offer(Batches.numbered("a", 1, 1), Batches.at(0, 1)).receipt();

      assertThat(core.resume(0, 201)).isEqualTo(1);
      core.offer(Batches.numbered("a", 201, 1), Batches.at(0, 201)).receipt();

      assertThat(core.broker.durableSequence(Batches.EDGE, 0)).isEqualTo(201);
      assertThat(core.broker.stats().engine().laneGaps()).isEqualTo(1);
    }
  }

  @Test
  void passesASequenceThatCanNeverBeStored() {
    try (Core core = open()) {
      Batch good = Batches.numbered("a", 1, 1);
      Batch damaged =
          new Batch(Codec.NONE, 3, good.payload().length(), good.header(), good.payload());
      core.offer(good, Batches.at(0, 1)).receipt();

      Outcome refused = core.offer(damaged, Batches.at(0, 2));

      assertThat(refused.failure().code()).isEqualTo(ErrorCode.MALFORMED);
      assertThat(core.broker.durableSequence(Batches.EDGE, 0)).isEqualTo(2);
      core.offer(Batches.numbered("a", 3, 1), Batches.at(0, 3)).receipt();
      assertThat(core.bodies("a")).containsExactly("1", "3");
      assertThat(core.broker.stats().refusedBatches()).isEqualTo(1);
    }
    try (Core core = open()) {
      assertThat(core.broker.durableSequence(Batches.EDGE, 0)).isEqualTo(3);
      assertThat(core.bodies("a")).containsExactly("1", "3");
    }
  }

  @Test
  void storesAMessageIdOnceAcrossRestarts() {
    long firstOffset;
    try (Core core = open()) {
      firstOffset = core.publish(Batches.of(Batches.withId("a", "1", "id-1"))).position().offset();
      core.publish(Batches.numbered("a", 2, 1));
      Receipt again = core.publish(Batches.of(Batches.withId("a", "1", "id-1")));
      assertThat(again.isDuplicate()).isTrue();
      assertThat(again.position().offset()).isEqualTo(firstOffset);
    }
    try (Core core = open()) {
      Receipt again = core.publish(Batches.of(Batches.withId("a", "1", "id-1")));

      assertThat(again.isDuplicate()).isTrue();
      assertThat(again.position().offset()).isEqualTo(firstOffset);
      assertThat(core.bodies("a")).containsExactly("1", "2");
    }
  }

  @Test
  void forgetsMessageIdsAfterTheWindow() {
    ManualClock clock = new ManualClock();
    EmbeddedEngineConfig config =
        EmbeddedEngineConfig.of(directory).withIds(Duration.ofMinutes(10), 100);
    try (Core core = new Core(config, LocalBrokerConfig.defaults(), new FileDisk(), clock)) {
      core.publish(Batches.of(Batches.withId("a", "1", "id-1")));
      clock.advance(Duration.ofMinutes(10));
      assertThat(core.publish(Batches.of(Batches.withId("a", "1", "id-1"))).isDuplicate()).isTrue();
      clock.advance(Duration.ofMillis(1));
      assertThat(core.publish(Batches.of(Batches.withId("a", "1", "id-1"))).isDuplicate())
          .isFalse();
    }
  }

  @Test
  void leavesDuplicatesOutOfABatch() {
    try (Core core = open()) {
      core.publish(Batches.of(Batches.withId("a", "1", "id-1"), Batches.withId("a", "2", "id-2")));

      Receipt mixed =
          core.offer(
                  Batches.of(
                      Batches.withId("b", "1", "id-1"),
                      Batches.withId("a", "3", "id-3"),
                      Message.of("a", "4"),
                      Batches.withId("a", "3", "id-3"),
                      Batches.withId("a", "2", "id-2"),
                      Batches.withId("a", "5", "id-5")),
                  Batches.at(0, 1))
              .receipt();

      assertThat(mixed.isDuplicate()).isFalse();
      assertThat(core.bodies("#")).containsExactly("1", "2", "3", "4", "5");
      assertThat(core.broker.durableSequence(Batches.EDGE, 0)).isEqualTo(1);
      assertThat(core.publish(Batches.of(Batches.withId("a", "5", "id-5"))).position().offset())
          .isEqualTo(4);
      assertThat(core.broker.stats().engine().duplicateMessages()).isEqualTo(4);
    }
  }

  @Test
  void passesTheSequenceOfABatchOfDuplicatesOnly() {
    try (Core core = open()) {
      core.publish(Batches.of(Batches.withId("a", "1", "id-1")));

      Receipt receipt =
          core.offer(Batches.of(Batches.withId("a", "1", "id-1")), Batches.at(0, 1)).receipt();

      assertThat(receipt.isDuplicate()).isTrue();
      assertThat(core.bodies("#")).containsExactly("1");
    }
    try (Core core = open()) {
      assertThat(core.broker.durableSequence(Batches.EDGE, 0)).isEqualTo(1);
    }
  }

  @Test
  void manyCopiesAtOnceAreStoredOnce() throws InterruptedException {
    try (Core core = open()) {
      List<Outcome> outcomes = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Outcome[] own = new Outcome[200];
        for (int j = 0; j < own.length; j++) {
          own[j] = new Outcome();
          outcomes.add(own[j]);
        }
        threads.add(Thread.ofPlatform().start(() -> publishIds(core, own)));
      }
      for (Thread thread : threads) {
        thread.join();
      }

      long fresh = outcomes.stream().filter(o -> !o.receipt().isDuplicate()).count();

      assertThat(fresh).isEqualTo(200);
      assertThat(core.bodies("a")).hasSize(200).doesNotHaveDuplicates();
      assertThat(outcomes).allMatch(outcome -> outcome.calls() == 1);
    }
  }

  private static void publishIds(Core core, Outcome[] outcomes) {
    for (int i = 0; i < outcomes.length; i++) {
      Batch batch = Batches.of(Batches.withId("a", "body-" + i, "id-" + i));
      while (!core.broker.offer(PublishRequest.of(batch), outcomes[i])) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void spreadsLanesAndKeysOverPartitionsAndKeepsTheirOrder() {
    EmbeddedEngineConfig config = EmbeddedEngineConfig.of(directory).withPartitions(4);
    try (Core core = Core.in(config)) {
      for (int i = 1; i <= 20; i++) {
        for (int lane = 0; lane < 8; lane++) {
          core.offer(
              Batches.of(Message.of("lane/" + lane, Integer.toString(i))), Batches.at(lane, i));
          core.broker.publish(
              Message.of("key/" + lane, Integer.toString(i)).withKey(Bytes.utf8("k" + lane)));
        }
      }
    }
    try (Core core = Core.in(config)) {
      List<String> expected = new ArrayList<>();
      for (int i = 1; i <= 20; i++) {
        expected.add(Integer.toString(i));
      }
      for (int lane = 0; lane < 8; lane++) {
        assertThat(core.bodies("lane/" + lane)).isEqualTo(expected);
        assertThat(core.bodies("key/" + lane)).isEqualTo(expected);
        assertThat(core.broker.durableSequence(Batches.EDGE, lane)).isEqualTo(20);
      }
      assertThat(core.read("lane/+", new Start.Last(5)).messages()).hasSize(5);
      assertThat(core.engine.stats().partitions()).allMatch(partition -> partition.endOffset() > 0);
    }
  }
}
