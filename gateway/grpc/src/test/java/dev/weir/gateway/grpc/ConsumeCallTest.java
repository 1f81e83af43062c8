package dev.weir.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.broker.QueueDetails;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.message.Message;
import dev.weir.proto.v1.ConsumeRequest;
import dev.weir.proto.v1.DeathReason;
import dev.weir.proto.v1.QueueDelivery;
import dev.weir.testkit.Eventually;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ConsumeCallTest {
  @TempDir Path directory;

  private static final QueueSettings AT_ONCE =
      QueueSettings.defaults().withRetry(0, Duration.ZERO, Duration.ZERO);

  private static void put(Door door, String... bodies) {
    for (String body : bodies) {
      door.broker.queues().publish("jobs", Message.of("any", body)).toCompletableFuture().join();
    }
  }

  private static QueueDetails jobs(Door door) {
    return door.broker.queues().details("jobs");
  }

  @Test
  void handsOutWhatWasPublishedAndAcksItForGood() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("jobs"));
      Message message =
          Message.of("any", "1")
              .withKey(Bytes.utf8("k"))
              .withTimeMicros(5)
              .withHeaders(Map.of("a", "b"))
              .withContentType("text/plain")
              .withPriority(9);
      door.broker.queues().publish("jobs", message).toCompletableFuture().join();

      Consumed consumed = Consumed.open(door, "jobs", 10);
      QueueDelivery delivery = consumed.await(1).getFirst();
      assertThat(consumed.ack(delivery.getLease()).hasFailure()).isFalse();

      assertThat(consumed.talk().answers().getFirst().hasOpened()).isTrue();
      assertThat(delivery.getUntilMicros()).isGreaterThan(delivery.getQueued().getStoredMicros());
      assertThat(delivery.getQueued().getDeliveries()).isEqualTo(1);
      assertThat(delivery.getQueued().hasDead()).isFalse();
      assertThat(Messages.of(delivery.getQueued().getMessage()).headers()).containsEntry("a", "b");
      assertThat(Messages.of(delivery.getQueued().getMessage()).priority()).isEqualTo(9);
      assertThat(delivery.getQueued().getMessage().getTopic()).isEqualTo("$queue/jobs");
      assertThat(jobs(door).acked()).isEqualTo(1);
      assertThat(jobs(door).figures().length()).isZero();
    }
  }

  @Test
  void holdsNoMoreThanItsPrefetchWhichMayChange() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("jobs"));
      put(door, "1", "2", "3", "4", "5");
      Consumed consumed = Consumed.open(door, "jobs", 2);
      long first = consumed.await(2).getFirst().getLease();
      assertThat(jobs(door).figures().held()).isEqualTo(2);

      consumed.ack(first);
      assertThat(consumed.await(3)).hasSize(3);
      consumed.prefetch(4);

      assertThat(consumed.await(5)).hasSize(5);
      assertThat(consumed.bodies()).containsExactly("1", "2", "3", "4", "5");
    }
  }

  @Test
  void anotherTryComesAfterTheDelayThatANackAsksFor() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("jobs").withSettings(AT_ONCE));
      put(door, "1");
      Consumed consumed = Consumed.open(door, "jobs", 1);

      consumed.nack(consumed.await(1).getFirst().getLease(), 0);
      QueueDelivery again = consumed.await(2).get(1);
      consumed.nack(again.getLease(), 3_600_000);

      assertThat(again.getQueued().getDeliveries()).isEqualTo(2);
      assertThat(jobs(door).figures().delayed()).isEqualTo(1);
    }
  }

  @Test
  void whatIsRejectedIsDeadWithItsReason() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("dead"));
      door.create(QueueSpec.of("jobs").withDeadLetter("dead"));
      put(door, "1");
      Consumed consumed = Consumed.open(door, "jobs", 1);

      consumed.reject(consumed.await(1).getFirst().getLease());

      QueueDelivery dead = Consumed.open(door, "dead", 1).await(1).getFirst();
      assertThat(dead.getQueued().getDead().getQueue()).isEqualTo("jobs");
      assertThat(dead.getQueued().getDead().getReason())
          .isEqualTo(DeathReason.DEATH_REASON_REJECTED);
      assertThat(dead.getQueued().getDead().getDeliveries()).isEqualTo(1);
      assertThat(dead.getQueued().getDead().getMicros()).isPositive();
    }
  }

  @Test
  void aLeaseLastsAsLongAsItIsExtended() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("jobs").withSettings(AT_ONCE));
      put(door, "1");
      Consumed consumed = Consumed.open(door, "jobs", 1);
      QueueDelivery first = consumed.await(1).getFirst();

      assertThat(consumed.extend(first.getLease(), 1).hasFailure()).isFalse();
      QueueDelivery second = consumed.await(2).get(1);
      assertThat(consumed.extend(second.getLease(), 600_000).hasFailure()).isFalse();

      assertThat(consumed.ack(first.getLease()).getFailure().getCode())
          .isEqualTo(ErrorCode.LEASE_OVER.number());
      assertThat(consumed.extend(second.getLease(), 0).getFailure().getCode())
          .isEqualTo(ErrorCode.MALFORMED.number());
      assertThat(consumed.ack(second.getLease()).hasFailure()).isFalse();
    }
  }

  @Test
  void settlesNothingThatItDoesNotHold() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("jobs"));
      put(door, "1");
      Consumed holder = Consumed.open(door, "jobs", 1);
      long lease = holder.await(1).getFirst().getLease();
      Consumed other = Consumed.open(door, "jobs", 1);

      assertThat(other.ack(lease).getFailure().getCode()).isEqualTo(ErrorCode.LEASE_OVER.number());
      assertThat(holder.ack(lease).hasFailure()).isFalse();
      assertThat(holder.ack(lease).getFailure().getCode()).isEqualTo(ErrorCode.LEASE_OVER.number());
    }
  }

  @Test
  void aCallThatEndsGivesBackWhatItHeldAtOnce() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("jobs").withSettings(AT_ONCE));
      put(door, "1", "2");
      Consumed cut = Consumed.open(door, "jobs", 2);
      cut.await(2);
      cut.talk().call().cancel("gone", null);
      Consumed next = Consumed.open(door, "jobs", 2);
      next.await(2);
      next.talk().call().onCompleted();

      assertThat(next.talk().awaitEnd()).isEqualTo(Status.OK);
      List<QueueDelivery> last = Consumed.open(door, "jobs", 2).await(2);
      assertThat(last).allMatch(delivery -> delivery.getQueued().getDeliveries() == 3);
      assertThat(jobs(door).figures().consumers()).isEqualTo(1);
    }
  }

  @Test
  void waitsForAClientThatDoesNotRead() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("jobs"));
      String body = "x".repeat(100_000);
      for (int i = 0; i < 300; i++) {
        put(door, i + " " + body);
      }
      Consumed slow = Consumed.open(door, "jobs", 1_000, true);
      Eventually.eventually("something is handed out", () -> jobs(door).figures().held() > 0);
      door.awaitCalm();
      int heldAtFirst = jobs(door).figures().held();

      slow.talk().call().request(10_000);

      assertThat(heldAtFirst).isBetween(1, 150);
      assertThat(slow.await(300)).hasSize(300);
      assertThat(slow.bodies().getLast()).startsWith("299 ");
    }
  }

  @Test
  void aDeletedQueueEndsTheCall() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("jobs"));
      Consumed consumed = Consumed.open(door, "jobs", 1);
      consumed.talk().await(1);

      door.broker.queues().delete("jobs").toCompletableFuture().join();

      assertThat(consumed.failure().getCode()).isEqualTo(ErrorCode.QUEUE_UNKNOWN.number());
    }
  }

  @Test
  void aDrainLetsWhatIsHeldBeSettled() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("jobs"));
      put(door, "1");
      Consumed consumed = Consumed.open(door, "jobs", 5);
      long lease = consumed.await(1).getFirst().getLease();
      Consumed idle = Consumed.open(door, "jobs", 5);
      idle.talk().await(1);

      door.door.drain();
      put(door, "2");

      assertThat(idle.failure().getCode()).isEqualTo(ErrorCode.CONNECTION_LOST.number());
      assertThat(consumed.ack(lease).hasFailure()).isFalse();
      assertThat(consumed.failure().getCode()).isEqualTo(ErrorCode.CONNECTION_LOST.number());
      assertThat(consumed.bodies()).containsExactly("1");
      door.awaitLength("jobs", 1);
    }
  }

  @Test
  void theEndOfTheCoreEndsTheCall() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("jobs"));
      Consumed consumed = Consumed.open(door, "jobs", 1);
      consumed.talk().await(1);

      door.broker.close();

      assertThat(consumed.failure().getCode()).isEqualTo(ErrorCode.CONNECTION_LOST.number());
    }
  }

  @Test
  void namesWhatIsWrongWithARequest() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("jobs"));
      assertThat(Consumed.open(door, "none", 1).failure().getCode())
          .isEqualTo(ErrorCode.QUEUE_UNKNOWN.number());
      assertThat(Consumed.open(door, "jobs", 10_001).failure().getDetail())
          .contains("prefetch is 10001");
      Consumed negative = Consumed.open(door, "jobs", 1);
      negative.prefetch(-1);
      assertThat(negative.failure().getDetail()).contains("prefetch is 4294967295");

      Consumed early = Consumed.silent(door, false);
      early.prefetch(1);
      assertThat(early.failure().getDetail()).contains("must name a queue");

      Consumed unknown = Consumed.silent(door, false);
      unknown.talk().say(ConsumeRequest.getDefaultInstance());
      assertThat(unknown.failure().getCode()).isEqualTo(ErrorCode.MALFORMED.number());

      Consumed silent = Consumed.silent(door, false);
      silent.talk().call().onCompleted();
      assertThat(silent.failure().getDetail()).contains("before it named a queue");
      Eventually.eventually("all are gone", () -> jobs(door).figures().consumers() == 0);
    }
  }
}
