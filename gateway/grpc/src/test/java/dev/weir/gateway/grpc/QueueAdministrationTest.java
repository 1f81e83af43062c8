package dev.weir.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.weir.base.ErrorCode;
import dev.weir.broker.QueueSpec;
import dev.weir.message.Message;
import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.CreateQueueRequest;
import dev.weir.proto.v1.DeathReason;
import dev.weir.proto.v1.DeleteQueueRequest;
import dev.weir.proto.v1.GetQueueRequest;
import dev.weir.proto.v1.ListQueuesRequest;
import dev.weir.proto.v1.ListQueuesResponse;
import dev.weir.proto.v1.PeekQueueRequest;
import dev.weir.proto.v1.PeekQueueResponse;
import dev.weir.proto.v1.PurgeQueueRequest;
import dev.weir.proto.v1.Queue;
import dev.weir.proto.v1.QueueDelivery;
import dev.weir.proto.v1.QueueOrder;
import dev.weir.proto.v1.QueueOverflow;
import dev.weir.proto.v1.QueueStatus;
import dev.weir.proto.v1.RedriveQueueRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class QueueAdministrationTest {
  @TempDir Path directory;

  private static BrokerGrpc.BrokerBlockingStub stub(Door door) {
    return BrokerGrpc.newBlockingStub(door.channel);
  }

  private static QueueStatus create(Door door, Queue.Builder queue) {
    return stub(door)
        .createQueue(CreateQueueRequest.newBuilder().setQueue(queue).build())
        .getStatus();
  }

  private static QueueStatus status(Door door, String name) {
    return stub(door).getQueue(GetQueueRequest.newBuilder().setName(name).build()).getStatus();
  }

  private static List<PeekQueueResponse> peek(Door door, String name, int max) {
    return ImmutableList.copyOf(
        stub(door).peekQueue(PeekQueueRequest.newBuilder().setName(name).setMax(max).build()));
  }

  private static void put(Door door, String queue, String... bodies) {
    for (String body : bodies) {
      door.broker.queues().publish(queue, Message.of("any", body)).toCompletableFuture().join();
    }
  }

  private static void assertFails(Runnable call, Status.Code status, ErrorCode code) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(status);
              assertThat(e.getStatus().getDescription()).startsWith(code.label() + ": ");
              assertThat(String.valueOf(e.getTrailers())).contains("weir-code=" + code.number());
            });
  }

  @Test
  void createsWithDefaultsOnceAndNamesAnother() {
    try (Door door = new Door(directory)) {
      Queue.Builder plain = Queue.newBuilder().setName("plain");
      Queue.Builder full =
          Queue.newBuilder()
              .setName("full")
              .addFilters("orders/#")
              .setDeadLetter("plain")
              .setOrder(QueueOrder.QUEUE_ORDER_KEY)
              .setIsSingleActive(true)
              .setLeaseMillis(1_000)
              .setMaxDeliveries(0)
              .setRetryBaseMillis(0)
              .setRetryCapMillis(5)
              .setTtlMillis(7_000)
              .setMaxLength(9)
              .setOverflow(QueueOverflow.QUEUE_OVERFLOW_DROP_OLDEST);

      QueueStatus created = create(door, plain);
      assertThat(create(door, plain)).isEqualTo(created);
      assertThat(create(door, full).getQueue()).isEqualTo(full.build());

      assertThat(created.getQueue())
          .isEqualTo(
              Queue.newBuilder()
                  .setName("plain")
                  .setOrder(QueueOrder.QUEUE_ORDER_PRIORITY)
                  .setLeaseMillis(30_000)
                  .setMaxDeliveries(10)
                  .setRetryBaseMillis(1_000)
                  .setRetryCapMillis(60_000)
                  .setOverflow(QueueOverflow.QUEUE_OVERFLOW_REJECT)
                  .build());
      assertFails(
          () -> create(door, Queue.newBuilder().setName("plain").setMaxLength(3)),
          Status.Code.ALREADY_EXISTS,
          ErrorCode.QUEUE_EXISTS);
    }
  }

  @Test
  void refusesWhatIsNoQueue() {
    try (Door door = new Door(directory)) {
      assertFails(
          () -> create(door, Queue.newBuilder().setName("No Queue")),
          Status.Code.INVALID_ARGUMENT,
          ErrorCode.MALFORMED);
      assertFails(
          () -> create(door, Queue.newBuilder().setName("q").addFilters("a/#/b")),
          Status.Code.INVALID_ARGUMENT,
          ErrorCode.INVALID_TOPIC);
      assertFails(
          () -> create(door, Queue.newBuilder().setName("q").setLeaseMillis(-1)),
          Status.Code.INVALID_ARGUMENT,
          ErrorCode.MALFORMED);
      assertFails(
          () -> create(door, Queue.newBuilder().setName("q").setOrderValue(77)),
          Status.Code.INVALID_ARGUMENT,
          ErrorCode.MALFORMED);
      assertFails(() -> status(door, "q"), Status.Code.NOT_FOUND, ErrorCode.QUEUE_UNKNOWN);
      assertFails(() -> peek(door, "q", 1), Status.Code.NOT_FOUND, ErrorCode.QUEUE_UNKNOWN);
      create(door, Queue.newBuilder().setName("q"));
      assertFails(() -> peek(door, "q", 1_001), Status.Code.INVALID_ARGUMENT, ErrorCode.MALFORMED);
    }
  }

  @Test
  void listsByPages() {
    try (Door door = new Door(directory)) {
      for (String name : List.of("c", "a", "b")) {
        door.create(QueueSpec.of(name));
      }
      put(door, "b", "1", "2");
      door.awaitLength("b", 2);

      ListQueuesResponse first =
          stub(door).listQueues(ListQueuesRequest.newBuilder().setLimit(2).build());
      ListQueuesResponse second =
          stub(door).listQueues(ListQueuesRequest.newBuilder().setAfter("b").build());

      assertThat(first.getQueuesList()).extracting("queue.name").containsExactly("a", "b");
      assertThat(first.getQueues(1).getLength()).isEqualTo(2);
      assertThat(first.getIsComplete()).isFalse();
      assertThat(second.getQueuesList()).extracting("queue.name").containsExactly("c");
      assertThat(second.getIsComplete()).isTrue();
    }
  }

  @Test
  void looksWithoutTaking() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("jobs"));
      put(door, "jobs", "1", "2", "3");
      door.awaitLength("jobs", 3);

      List<PeekQueueResponse> seen = peek(door, "jobs", 2);

      assertThat(seen)
          .extracting(each -> each.getQueued().getMessage().getBody().toStringUtf8())
          .containsExactly("1", "2");
      assertThat(seen.getFirst().getQueued().getDeliveries()).isZero();
      assertThat(status(door, "jobs").getLength()).isEqualTo(3);
    }
  }

  @Test
  void deletesAndPurges() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("jobs"));
      put(door, "jobs", "1", "2", "3");
      door.awaitLength("jobs", 3);
      DeleteQueueRequest.Builder delete = DeleteQueueRequest.newBuilder().setName("jobs");

      assertFails(
          () -> stub(door).deleteQueue(delete.setOnlyEmpty(true).build()),
          Status.Code.FAILED_PRECONDITION,
          ErrorCode.QUEUE_NOT_EMPTY);
      PurgeQueueRequest purge = PurgeQueueRequest.newBuilder().setName("jobs").build();
      assertThat(stub(door).purgeQueue(purge).getMessages()).isEqualTo(3);
      put(door, "jobs", "4");
      door.awaitLength("jobs", 1);
      assertThat(stub(door).deleteQueue(delete.setOnlyEmpty(false).build()).getMessages())
          .isEqualTo(1);

      assertThat(door.broker.queues().list()).isEmpty();
    }
  }

  @Test
  void deadLettersGoBackEachToWhereItCameFrom() {
    try (Door door = new Door(directory)) {
      door.create(QueueSpec.of("dead"));
      for (String name : List.of("a", "b", "gone")) {
        door.create(QueueSpec.of(name).withDeadLetter("dead"));
        put(door, name, "of " + name);
        Consumed consumed = Consumed.open(door, name, 1);
        QueueDelivery delivery = consumed.await(1).getFirst();
        consumed.reject(delivery.getLease());
        consumed.talk().call().onCompleted();
      }
      put(door, "dead", "its own");
      door.awaitLength("dead", 4);
      door.broker.queues().delete("gone").toCompletableFuture().join();
      assertThat(peek(door, "dead", 10))
          .extracting(each -> each.getQueued().getDead().getReason())
          .containsExactly(
              DeathReason.DEATH_REASON_REJECTED,
              DeathReason.DEATH_REASON_REJECTED,
              DeathReason.DEATH_REASON_REJECTED,
              DeathReason.DEATH_REASON_UNSPECIFIED);

      RedriveQueueRequest.Builder redrive = RedriveQueueRequest.newBuilder().setName("dead");
      assertThat(stub(door).redriveQueue(redrive.build()).getMessages()).isEqualTo(2);
      assertThat(Consumed.open(door, "a", 1).await(1).getFirst().getQueued().getDeliveries())
          .isEqualTo(1);
      assertThat(Consumed.open(door, "b", 1).await(1)).hasSize(1);
      assertThat(status(door, "dead").getLength()).isEqualTo(2);

      assertThat(stub(door).redriveQueue(redrive.setTarget("a").setMax(1).build()).getMessages())
          .isEqualTo(1);
      assertThat(status(door, "dead").getLength()).isEqualTo(1);
      assertFails(
          () -> stub(door).redriveQueue(redrive.setTarget("dead").build()),
          Status.Code.INVALID_ARGUMENT,
          ErrorCode.MALFORMED);
    }
  }
}
