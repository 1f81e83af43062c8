package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.queue.Ordering;
import dev.weir.broker.queue.Overflow;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.broker.queue.RemovalReason;
import dev.weir.message.Message;
import dev.weir.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Queues over a real log.
@Timeout(60)
final class QueuesTest {
  @TempDir Path directory;

  private static final QueueSettings AT_ONCE =
      QueueSettings.defaults().withRetry(2, Duration.ZERO, Duration.ZERO);

  private static final QueueSettings KEYED =
      QueueSettings.defaults()
          .withRetry(0, Duration.ZERO, Duration.ZERO)
          .withOrdering(Ordering.KEY);

  private static void create(Core core, QueueSpec spec) {
    core.broker.queues().create(spec).toCompletableFuture().join();
  }

  private static void put(Core core, String queue, String body) {
    core.broker
        .queues()
        .publish(queue, Message.of("any", body).withKey(Bytes.utf8(body.substring(0, 1))))
        .toCompletableFuture()
        .join();
  }

  @Test
  void onePublishReachesEachQueueBoundToItsTopic() {
    try (Core core = Core.in(directory)) {
      create(core, QueueSpec.of("all").withFilters("orders/#"));
      create(core, QueueSpec.of("some").withFilters("orders/new", "other"));
      create(core, QueueSpec.of("none").withFilters("other"));

      core.publish(Batches.of(Message.of("orders/new", "1"), Message.of("orders/old", "2")));

      try (var all = Taker.at(core, "all", 10);
          var some = Taker.at(core, "some", 10);
          var none = Taker.at(core, "none", 10)) {
        all.awaitBodies("1", "2");
        some.awaitBodies("1");
        none.awaitBodies();
      }
    }
  }

  @Test
  void handsOutAgainWhatIsNotAckedAndNothingThatIs() {
    try (Core core = Core.in(directory)) {
      create(core, QueueSpec.of("jobs"));
      put(core, "jobs", "a");
      put(core, "jobs", "b");
      try (var taker = Taker.at(core, "jobs", 10)) {
        taker.awaitBodies("a", "b");
        taker.ack(taker.message(0));
      }

      try (var next = Taker.at(core, "jobs", 10)) {
        next.awaitBodies("b");
        assertThat(next.message(0).delivery()).isEqualTo(2);
        next.ack(next.message(0));
        assertThat(core.broker.queues().details("jobs").figures().length()).isZero();
      }
    }
  }

  @Test
  void goesOnAfterAStartWhereItEnded() {
    try (Core core = Core.in(directory)) {
      create(core, QueueSpec.of("jobs").withSettings(KEYED));
      for (String body : List.of("a1", "a2", "b1", "b2")) {
        put(core, "jobs", body);
      }
      try (var taker = Taker.at(core, "jobs", 10)) {
        taker.awaitBodies("a1", "b1");
        taker.ack(taker.message(0));
      }
    }

    for (int start = 0; start < 2; start++) {
      try (Core core = Core.in(directory);
          var taker = Taker.at(core, "jobs", 10)) {
        taker.awaitBodies("a2", "b1");
      }
    }
  }

  @Test
  void countsDeliveriesAcrossAStartAndKeepsTheDeadWithTheirReason() throws IOException {
    try (Core core = Core.in(directory)) {
      create(core, QueueSpec.of("dead"));
      create(core, QueueSpec.of("jobs").withSettings(AT_ONCE).withDeadLetter("dead"));
      put(core, "jobs", "x");
      put(core, "jobs", "y");
      try (var taker = Taker.at(core, "jobs", 10)) {
        taker.awaitBodies("x", "y");
        taker.reject(taker.message(1));
        taker.nack(taker.message(0));
        taker.awaitCount(3);
      }
    }

    try (Core core = Core.in(directory)) {
      try (var dead = Taker.at(core, "dead", 10)) {
        dead.awaitBodies("x", "y");
        assertThat(dead.message(0).dead()).get().extracting(DeadLetter::queue).isEqualTo("jobs");
        assertThat(dead.message(0).dead())
            .get()
            .extracting(DeadLetter::reason)
            .isEqualTo(RemovalReason.EXHAUSTED);
        assertThat(dead.message(1).dead())
            .get()
            .extracting(DeadLetter::reason)
            .isEqualTo(RemovalReason.REJECTED);
      }

      long moved = core.broker.queues().redrive("dead", "jobs", 10).toCompletableFuture().join();
      assertThat(moved).isEqualTo(2);
      assertThat(core.broker.queues().peek("jobs", 10)).hasSize(2);
      assertThat(core.broker.queues().purge("jobs").toCompletableFuture().join()).isEqualTo(2);
    }

    try (Core core = Core.in(directory)) {
      assertThat(core.broker.queues().list())
          .allSatisfy(queue -> assertThat(queue.figures().length()).isZero());
    }
  }

  @Test
  void refusesWhatAFullOrUnknownQueueCannotTake() {
    try (Core core = Core.in(directory)) {
      create(
          core,
          QueueSpec.of("jobs")
              .withSettings(QueueSettings.defaults().withMaxLength(1, Overflow.REJECT)));
      try (var taker = Taker.at(core, "jobs", 1)) {
        put(core, "jobs", "a");
        taker.awaitBodies("a");

        assertThatThrownBy(() -> put(core, "jobs", "b"))
            .hasRootCauseMessage("Queue 'jobs' is at its maximum length.");
        assertThatThrownBy(() -> core.publish(Batches.of(Message.of("$queue/nobody", "b"))))
            .hasStackTraceContaining("There is no queue 'nobody'");
        assertThatThrownBy(() -> core.broker.queues().details("nobody"))
            .isInstanceOfSatisfying(
                WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUEUE_UNKNOWN));
      }
    }
  }

  @Test
  void aDeletedQueueEndsItsConsumersAndStaysDeleted() {
    try (Core core = Core.in(directory)) {
      create(core, QueueSpec.of("jobs"));
      try (var taker = Taker.at(core, "jobs", 1)) {
        core.broker.queues().delete("jobs").toCompletableFuture().join();
        taker.awaitEnded();
      }
    }

    try (Core core = Core.in(directory)) {
      assertThat(core.broker.queues().list()).isEmpty();
    }
  }

  @Test
  void whatExpiresIsDeadAndStaysAmongTheDead() {
    try (Core core = Core.in(directory)) {
      create(core, QueueSpec.of("dead"));
      create(
          core,
          QueueSpec.of("jobs")
              .withSettings(QueueSettings.defaults().withTtl(Duration.ofMillis(1)))
              .withDeadLetter("dead"));
      put(core, "jobs", "late");

      try (var dead = Taker.at(core, "dead", 1)) {
        dead.awaitBodies("late");
        assertThat(dead.message(0).dead())
            .get()
            .extracting(DeadLetter::reason)
            .isEqualTo(RemovalReason.EXPIRED);
      }
    }
  }

  @Test
  void handsOutByPriorityAndNotBeforeItsTime() {
    try (Core core = Core.in(directory)) {
      create(core, QueueSpec.of("jobs").withFilters("work"));
      core.publish(
          Batches.of(
              Message.of("work", "later").withDelay(Duration.ofMillis(400)),
              Message.of("work", "low").withPriority(1),
              Message.of("work", "high").withPriority(9)));
      Eventually.eventuallyPasses(
          "all of it is in the queue",
          () -> assertThat(core.broker.queues().details("jobs").figures().length()).isEqualTo(3));

      try (var taker = Taker.at(core, "jobs", 10)) {
        taker.awaitCount(3);
        assertThat(taker.bodies().indexOf("high")).isLessThan(taker.bodies().indexOf("low"));
      }
    }
  }

  @Test
  void aLeaseThatEndsGivesTheMessageToAnother() {
    try (Core core = Core.in(directory)) {
      create(
          core,
          QueueSpec.of("jobs")
              .withSettings(
                  QueueSettings.defaults()
                      .withLease(Duration.ofMillis(50))
                      .withRetry(0, Duration.ZERO, Duration.ZERO)));
      try (var sleeper = Taker.at(core, "jobs", 1)) {
        put(core, "jobs", "a");
        sleeper.awaitCount(2);

        assertThatThrownBy(() -> sleeper.ack(sleeper.message(0)))
            .hasStackTraceContaining("not held under this lease");
      }
    }
  }
}
