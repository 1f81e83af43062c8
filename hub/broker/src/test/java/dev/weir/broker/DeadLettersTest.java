package dev.weir.broker;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.broker.queue.Overflow;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.broker.queue.RemovalReason;
import dev.weir.log.FileDisk;
import dev.weir.message.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A dead-letter queue that is named and missing: nothing that is dead is dropped for that.
@Timeout(60)
final class DeadLettersTest {
  private static final QueueSettings ONCE =
      QueueSettings.defaults().withRetry(1, Duration.ZERO, Duration.ZERO);

  @TempDir Path directory;

  private static void create(Core core, QueueSpec spec) {
    core.broker.queues().create(spec).toCompletableFuture().join();
  }

  private static void die(Core core, String body) {
    core.broker.queues().publish("jobs", Message.of("any", body)).toCompletableFuture().join();
    try (Taker taker = Taker.at(core, "jobs", 1)) {
      taker.awaitBodies(body);
      taker.nack(taker.message(0));
    }
  }

  @Test
  void makesTheQueueThatIsMissing() throws IOException {
    try (Core core = Core.in(directory)) {
      create(core, QueueSpec.of("jobs").withDeadLetter("jobs.dead").withSettings(ONCE));
      die(core, "a");

      List<QueuedMessage> dead = core.broker.queues().peek("jobs.dead", 10);
      assertThat(dead).hasSize(1);
      assertThat(dead.getFirst().dead().orElseThrow().reason()).isEqualTo(RemovalReason.EXHAUSTED);
      assertThat(core.broker.queues().details("jobs.dead").spec().settings().maxDeliveries())
          .isZero();
    }
    try (Core core = Core.in(directory)) {
      assertThat(core.broker.queues().peek("jobs.dead", 10)).hasSize(1);
    }
  }

  @Test
  void makesItAgainWhenItWasDeleted() throws IOException {
    try (Core core = Core.in(directory)) {
      create(core, QueueSpec.of("jobs.dead"));
      create(core, QueueSpec.of("jobs").withDeadLetter("jobs.dead").withSettings(ONCE));
      die(core, "a");
      core.broker.queues().delete("jobs.dead").toCompletableFuture().join();
      die(core, "b");

      assertThat(core.broker.queues().peek("jobs.dead", 10))
          .extracting(each -> each.message().body().utf8())
          .containsExactly("b");
    }
  }

  @Test
  void keepsTheDeadWhereNoQueueCanBeMade() {
    LocalBrokerConfig few = LocalBrokerConfig.defaults().withMaxSubscriptions(1);
    try (Core core =
        new Core(EmbeddedEngineConfig.of(directory), few, new FileDisk(), Clock.SYSTEM)) {
      create(core, QueueSpec.of("jobs").withDeadLetter("jobs.dead").withSettings(ONCE));
      die(core, "a");

      eventually("it stays", () -> core.broker.queues().details("jobs").figures().length() == 1);
      assertThat(core.broker.queues().list()).hasSize(1);
    }
  }

  @Test
  void keepsWhatIsBeyondTheLengthWhereNothingTakesIt() {
    QueueSettings two = QueueSettings.defaults().withMaxLength(2, Overflow.DROP_OLDEST);
    LocalBrokerConfig few = LocalBrokerConfig.defaults().withMaxSubscriptions(1);
    try (Core core =
        new Core(EmbeddedEngineConfig.of(directory), few, new FileDisk(), Clock.SYSTEM)) {
      create(core, QueueSpec.of("jobs").withDeadLetter("jobs.dead").withSettings(two));
      for (String body : List.of("a", "b", "c", "d")) {
        core.broker.queues().publish("jobs", Message.of("any", body)).toCompletableFuture().join();
      }

      try (Taker taker = Taker.at(core, "jobs", 10)) {
        taker.awaitBodies("a", "b", "c", "d");
      }
      assertThat(core.broker.queues().details("jobs").dead()).isZero();
    }
  }

  @Test
  void dropsLittleByLittleOnceSomethingTakesIt() {
    QueueSettings two = QueueSettings.defaults().withMaxLength(2, Overflow.DROP_OLDEST);
    try (Core core = Core.in(directory)) {
      create(core, QueueSpec.of("jobs").withDeadLetter("jobs.dead").withSettings(two));
      for (int i = 0; i < 100; i++) {
        core.broker
            .queues()
            .publish("jobs", Message.of("any", "" + i))
            .toCompletableFuture()
            .join();
      }

      eventually(
          "the others are dead",
          () ->
              core.broker.queues().list().size() == 2
                  && core.broker.queues().details("jobs.dead").figures().length() == 98);
      assertThat(core.broker.queues().details("jobs").figures().length()).isEqualTo(2);
    }
  }
}
