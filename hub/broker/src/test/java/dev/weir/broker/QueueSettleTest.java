package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.message.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Messages of a queue that are settled together.
@Timeout(60)
final class QueueSettleTest {
  @TempDir Path directory;

  private static final QueueSpec JOBS =
      QueueSpec.of("jobs")
          .withDeadLetter("dead")
          .withSettings(QueueSettings.defaults().withRetry(0, Duration.ZERO, Duration.ZERO));

  private static Core filled(Path directory, int count) {
    Core core = Core.in(directory);
    core.broker.queues().create(QueueSpec.of("dead")).toCompletableFuture().join();
    core.broker.queues().create(JOBS).toCompletableFuture().join();
    List<Message> messages =
        IntStream.range(0, count)
            .mapToObj(i -> Message.of("$queue/jobs", Integer.toString(i)))
            .toList();
    SideBySide told = new SideBySide();
    core.broker.publishEach(messages, told);
    told.await(count);
    return core;
  }

  @Test
  void eachIsSettledAsIfAlone() {
    try (Core core = filled(directory, 5);
        Taker taker = Taker.at(core, "jobs", 10)) {
      taker.awaitCount(5);
      taker.ack(taker.message(4));

      Settlements settled =
          taker.settle(
              new Settling.Extend(taker.message(0), Duration.ofMinutes(5)),
              new Settling.Ack(taker.message(0)),
              new Settling.Nack(taker.message(1), Optional.of(Duration.ofHours(1))),
              new Settling.Nack(taker.message(2), Optional.empty()),
              new Settling.Reject(taker.message(3)),
              new Settling.Ack(taker.message(4)),
              new Settling.Ack(taker.message(0)));

      assertThat(settled.refused().keySet()).containsExactlyInAnyOrder(5, 6);
      assertThat(settled.refused().values())
          .extracting(WeirException::code)
          .containsOnly(ErrorCode.LEASE_OVER);
      settled.durable().toCompletableFuture().join();
      taker.awaitCount(6);
      assertThat(taker.bodies()).containsExactly("0", "1", "2", "3", "4", "2");
      try (Taker dead = Taker.at(core, "dead", 10)) {
        dead.awaitBodies("3");
      }
      assertThat(core.broker.queues().details("jobs").acked()).isEqualTo(2);
      assertThat(core.broker.queues().details("jobs").figures().delayed()).isEqualTo(1);
    }
  }

  @Test
  void whatWasSettledTogetherStaysSettled() {
    try (Core core = filled(directory, 1_000);
        Taker taker = Taker.at(core, "jobs", 1_000)) {
      taker.awaitCount(1_000);
      Settling[] acks =
          IntStream.range(0, 999)
              .mapToObj(i -> new Settling.Ack(taker.message(i)))
              .toArray(Settling[]::new);

      Settlements settled = taker.settle(acks);

      assertThat(settled.refused()).isEmpty();
      settled.durable().toCompletableFuture().join();
    }
    try (Core core = Core.in(directory);
        Taker taker = Taker.at(core, "jobs", 10)) {
      taker.awaitBodies("999");
    }
  }

  @Test
  void nothingIsSettledThatIsNotHeld() {
    try (Core core = filled(directory, 2)) {
      QueuedMessage held;
      try (Taker gone = Taker.at(core, "jobs", 1)) {
        gone.awaitCount(1);
        held = gone.message(0);
      }
      try (Taker taker = Taker.at(core, "jobs", 0)) {
        Settlements settled = taker.settle(new Settling.Ack(held), new Settling.Reject(held));

        assertThat(settled.refused()).hasSize(2);
        settled.durable().toCompletableFuture().join();
        assertThat(taker.settle().refused()).isEmpty();
      }
      assertThat(core.broker.queues().details("jobs").figures().length()).isEqualTo(2);
    }
  }
}
