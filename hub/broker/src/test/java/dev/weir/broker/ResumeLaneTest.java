package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.message.Batch;
import dev.weir.message.Codec;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.message.RefusedFrame;
import dev.weir.message.StoredLane;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a sender learns of its lane when it comes back.
final class ResumeLaneTest {
  @TempDir Path directory;

  private static LaneSequence at(long sequence, int crc32c) {
    return new LaneSequence(Batches.EDGE, 0, sequence, crc32c);
  }

  private static StoredLane resume(Core core, long firstUnacked) {
    return core.broker.resumeLane(Batches.EDGE, 0, firstUnacked).toCompletableFuture().join();
  }

  private static Batch undecodable() {
    Batch good = Batches.numbered("a", 1, 1);
    return new Batch(Codec.NONE, 3, good.payload().length(), good.header(), good.payload());
  }

  @Test
  void tellsTheChecksumOfTheLastFrameAcrossRestarts() {
    try (Core core = Core.in(directory)) {
      assertThat(resume(core, 1)).isEqualTo(StoredLane.NONE);
      core.offer(Batches.numbered("a", 1, 1), at(1, 111)).receipt();
      core.offer(Batches.numbered("a", 2, 1), at(2, 222)).receipt();

      assertThat(resume(core, 1)).isEqualTo(new StoredLane(2, 222, List.of()));
    }
    try (Core core = Core.in(directory)) {
      assertThat(resume(core, 1)).isEqualTo(new StoredLane(2, 222, List.of()));

      core.offer(Batches.numbered("a", 3, 1), at(3, 0)).receipt();
      assertThat(resume(core, 1)).isEqualTo(new StoredLane(3, 0, List.of()));
    }
  }

  @Test
  void keepsItForFramesOfWhichNothingIsStored() {
    try (Core core = Core.in(directory)) {
      core.publish(Batches.of(Batches.withId("a", "x", "id")));
      core.offer(Batches.of(Batches.withId("a", "x", "id")), at(1, 111)).receipt();
      assertThat(resume(core, 1).crc32c()).isEqualTo(111);
      assertThat(core.offer(undecodable(), at(2, 222)).failure().code())
          .isEqualTo(ErrorCode.MALFORMED);
    }
    try (Core core = Core.in(directory)) {
      assertThat(resume(core, 3)).isEqualTo(new StoredLane(2, 222, List.of()));
    }
  }

  @Test
  void tellsWhatASnapshotKnows() {
    EmbeddedEngineConfig small =
        EmbeddedEngineConfig.of(directory)
            .withSizes(ByteSize.ofKibibytes(64), ByteSize.ofMebibytes(1));
    try (Core core = Core.in(small)) {
      assertThat(core.offer(undecodable(), at(1, 111)).failure().code())
          .isEqualTo(ErrorCode.MALFORMED);
      core.offer(Batches.numbered("a", 2, 1), at(2, 222)).receipt();
      for (int i = 0; i < 40; i++) {
        core.publish(Batches.of(0, List.of(Message.of("b", "x".repeat(10_000)))));
      }
      assertThat(core.engine.stats().partitions().getFirst().segments()).isGreaterThan(4);
    }
    try (Core core = Core.in(small)) {
      assertThat(resume(core, 1))
          .isEqualTo(new StoredLane(2, 222, List.of(new RefusedFrame(1, ErrorCode.MALFORMED))));
    }
  }

  @Test
  void tellsRefusalsUntilTheirSenderHasTheAck() {
    try (Core core = Core.in(directory)) {
      core.offer(Batches.numbered("a", 1, 1), at(1, 1)).receipt();
      assertThat(core.offer(undecodable(), at(2, 2)).failure().code())
          .isEqualTo(ErrorCode.MALFORMED);
      Batch internal = Batches.of(Message.of("$weir/x", "1"));
      assertThat(core.offer(internal, at(3, 3)).failure().code())
          .isEqualTo(ErrorCode.INVALID_TOPIC);
    }
    List<RefusedFrame> both =
        List.of(
            new RefusedFrame(2, ErrorCode.MALFORMED), new RefusedFrame(3, ErrorCode.INVALID_TOPIC));
    try (Core core = Core.in(directory)) {
      assertThat(resume(core, 1).refused()).isEqualTo(both);
      assertThat(resume(core, 2).refused()).isEqualTo(both);
      assertThat(resume(core, 3).refused()).isEqualTo(both.subList(1, 2));
      assertThat(resume(core, 4).refused()).isEmpty();
    }
  }

  @Test
  void keepsTheNewestRefusalsOnly() {
    try (Core core = Core.in(directory)) {
      for (int i = 1; i <= StoredLane.MAX_REFUSED + 3; i++) {
        assertThat(core.offer(undecodable(), at(i, i)).failure()).isNotNull();
      }

      List<RefusedFrame> refused = resume(core, 1).refused();
      assertThat(refused).hasSize(StoredLane.MAX_REFUSED);
      assertThat(refused.getFirst().sequence()).isEqualTo(4);
    }
  }

  @Test
  void waitsForWhatAnOlderSessionOffered() throws Exception {
    CountDownLatch isHeld = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    try (Core core = Core.in(directory)) {
      core.offer(Batches.numbered("a", 1, 1), at(1, 111)).receipt();
      core.broker.offer(
          PublishRequest.of(Batches.numbered("b", 1, 1)),
          new PublishListener() {
            @Override
            public void stored(Receipt receipt, long commitMicros, long queueMicros) {
              isHeld.countDown();
              try {
                mayGoOn.await(); // Holds the log's thread: nothing becomes durable meanwhile.
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }

            @Override
            public void failed(WeirException cause) {
              isHeld.countDown();
            }
          });
      isHeld.await();
      Outcome second = core.offer(Batches.numbered("a", 2, 1), at(2, 222));
      Outcome third = core.offer(Batches.numbered("a", 3, 1), at(3, 333));

      CompletableFuture<StoredLane> standing =
          core.broker.resumeLane(Batches.EDGE, 0, 1).toCompletableFuture();

      assertThat(standing).isNotDone();
      mayGoOn.countDown();
      assertThat(standing.join()).isEqualTo(new StoredLane(3, 333, List.of()));
      assertThat(second.receipt().isDuplicate()).isFalse();
      assertThat(third.receipt().isDuplicate()).isFalse();
    }
  }
}
