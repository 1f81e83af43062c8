package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.ConsumeOptions;
import dev.weir.client.HeldMessage;
import dev.weir.client.QueueClient;
import dev.weir.client.QueueConfig;
import dev.weir.client.QueueConsumer;
import dev.weir.client.QueueFigures;
import dev.weir.client.WeirClient;
import dev.weir.message.Durability;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The Java client at the queues of a real core, over a real socket.
@Timeout(120)
final class QueueClientTest {
  @TempDir Path directory;

  private static final QueueConfig JOBS =
      QueueConfig.of("jobs").withRetry(Duration.ofSeconds(30), 0, Duration.ZERO, Duration.ZERO);

  private static void publish(QueueClient queues, int from, int to) {
    List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    for (int i = from; i < to; i++) {
      receipts.add(queues.publishAsync("jobs", Message.of("any", Integer.toString(i))));
    }
    receipts.forEach(CompletableFuture::join);
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  private static ErrorCode code(CompletableFuture<?> failing) {
    try {
      failing.join();
    } catch (CompletionException e) {
      return e.getCause() instanceof WeirException known ? known.code() : ErrorCode.BUG;
    }
    throw new AssertionError("it did not fail");
  }

  private static void assertFails(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            WeirException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.getMessage()).doesNotContain("WEIR-");
            });
  }

  @Test
  void acksWhatAHandlerDidAndHandsOutAgainWhatFailed() {
    try (TestCore core = new TestCore(directory);
        WeirClient client = core.client()) {
      client.queues().create(JOBS);
      Receipt receipt = client.queues().publish("jobs", Message.of("any", "0"));
      publish(client.queues(), 1, 20);
      List<String> handled = new CopyOnWriteArrayList<>();
      List<Integer> tries = new CopyOnWriteArrayList<>();

      try (QueueConsumer _ =
          client
              .queues()
              .consume(
                  "jobs",
                  held -> {
                    if (held.text().equals("7") && held.queued().deliveries() < 3) {
                      tries.add(held.queued().deliveries());
                      throw new IllegalStateException("not yet");
                    }
                    handled.add(held.text());
                  })) {
        core.awaitAcked("jobs", 20);
      }

      assertThat(receipt.durability()).isEqualTo(Durability.DURABLE);
      assertThat(handled).containsExactlyInAnyOrderElementsOf(numbers(0, 20));
      assertThat(tries).containsExactly(1, 2);
      assertThat(client.queues().figures("jobs").acked()).isEqualTo(20);
    }
  }

  @Test
  void handlesAsManyAtATimeAsAsked() throws Exception {
    try (TestCore core = new TestCore(directory);
        WeirClient client = core.client()) {
      client.queues().create(JOBS);
      publish(client.queues(), 0, 4);
      CyclicBarrier together = new CyclicBarrier(5);

      try (QueueConsumer _ =
          client
              .queues()
              .consume(ConsumeOptions.of("jobs").withHandlers(4), _ -> together.await())) {
        together.await();
        core.awaitAcked("jobs", 4);
      }
    }
  }

  @Test
  void comesBackAndSettlesNothingOverAnotherConnection() {
    try (TestCore core = new TestCore(directory);
        WeirClient client = core.client()) {
      client.queues().create(JOBS);
      publish(client.queues(), 0, 3);
      List<HeldMessage> held = new CopyOnWriteArrayList<>();
      ConsumeOptions byHand = ConsumeOptions.of("jobs").settledByHand();

      try (QueueConsumer _ = client.queues().consume(byHand, held::add)) {
        Eventually.eventually("all are held", () -> held.size() == 3);
        held.getFirst().ack().join();
        core.stop();
        core.startAgain();
        Eventually.eventually("two come again", () -> held.size() == 5);

        assertThat(held.subList(3, 5)).extracting(HeldMessage::text).containsExactly("1", "2");
        assertThat(code(held.get(1).ack())).isEqualTo(ErrorCode.LEASE_OVER);
        assertThat(code(held.get(2).extend(Duration.ofSeconds(5)))).isEqualTo(ErrorCode.LEASE_OVER);
        assertThat(code(held.getFirst().nack())).isEqualTo(ErrorCode.LEASE_OVER);
        assertThat(core.length("jobs")).isEqualTo(2);
        held.get(3).extend(Duration.ofSeconds(60)).join();
        held.get(3).ack().join();
        held.get(4).reject().join();
        assertThat(core.length("jobs")).isZero();
      }
    }
  }

  @Test
  void storesOnceWhatIsPublishedOverARestart() {
    try (TestCore core = new TestCore(directory);
        WeirClient client = core.client()) {
      client.queues().create(JOBS);
      publish(client.queues(), 0, 10);
      List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
      for (int i = 10; i < 600; i++) {
        receipts.add(client.queues().publishAsync("jobs", Message.of("any", "" + i)));
        if (i == 300) {
          core.stop();
        }
        if (i == 400) {
          core.startAgain();
        }
      }
      receipts.forEach(CompletableFuture::join);
      List<String> handled = new CopyOnWriteArrayList<>();

      try (QueueConsumer _ =
          client
              .queues()
              .consume(
                  ConsumeOptions.of("jobs").withPrefetch(100), held -> handled.add(held.text()))) {
        core.awaitAcked("jobs", 600);
      }
      assertThat(handled).containsExactlyElementsOf(numbers(0, 600));
    }
  }

  @Test
  void aClosedConsumerFinishesWhatItIsAtAndGivesBackTheRest() throws InterruptedException {
    try (TestCore core = new TestCore(directory);
        WeirClient client = core.client()) {
      client.queues().create(JOBS);
      publish(client.queues(), 0, 5);
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch mayEnd = new CountDownLatch(1);
      QueueConsumer consumer =
          client
              .queues()
              .consume(
                  "jobs",
                  _ -> {
                    begun.countDown();
                    mayEnd.await();
                  });
      begun.await();

      Thread closing = Thread.ofVirtual().start(consumer::close);
      Eventually.eventually(
          "it waits for the handler", () -> closing.getState() == Thread.State.TIMED_WAITING);
      mayEnd.countDown();
      closing.join();

      consumer.ended().join();
      core.awaitLength("jobs", 4);
      Eventually.eventually(
          "nothing is held",
          () -> core.node().broker().queues().details("jobs").figures().held() == 0);
    }
  }

  /// A prefetch counts messages; a client does not keep more than some bytes of them all the same.
  @Test
  void largeMessagesWaitAtTheServerForHandlersThatAreBusy() throws InterruptedException {
    try (TestCore core = new TestCore(directory);
        WeirClient client = core.client()) {
      client.queues().create(JOBS);
      String large = "x".repeat(1_000_000);
      for (int i = 0; i < 100; i++) {
        client.queues().publish("jobs", Message.of("any", i + " " + large));
      }
      CountDownLatch mayGoOn = new CountDownLatch(1);
      List<Integer> handled = new CopyOnWriteArrayList<>();

      try (QueueConsumer _ =
          client
              .queues()
              .consume(
                  ConsumeOptions.of("jobs").withPrefetch(1_000),
                  held -> {
                    mayGoOn.await();
                    handled.add(Integer.valueOf(held.text().split(" ", 2)[0]));
                  })) {
        Eventually.eventually("some are held", () -> client.queues().figures("jobs").held() >= 16);
        int[] calm = new int[1];
        long[] last = new long[1];
        Eventually.eventually(
            "no more are handed out",
            () -> {
              long held = client.queues().figures("jobs").held();
              calm[0] = held == last[0] ? calm[0] + 1 : 0;
              last[0] = held;
              return calm[0] > 50;
            });
        assertThat(last[0]).isLessThan(80);
        mayGoOn.countDown();
        core.awaitAcked("jobs", 100);
      }
      assertThat(handled).containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
    }
  }

  @Test
  void endsWhenTheServerRefusesForGood() {
    try (TestCore core = new TestCore(directory);
        WeirClient client = core.client()) {
      assertThat(code(client.queues().consume("none", _ -> {}).ended()))
          .isEqualTo(ErrorCode.QUEUE_UNKNOWN);

      client.queues().create(JOBS);
      QueueConsumer consumer = client.queues().consume("jobs", _ -> {});
      Eventually.eventually("it consumes", () -> client.queues().figures("jobs").consumers() == 1);
      client.queues().delete("jobs", true);

      assertThat(code(consumer.ended())).isEqualTo(ErrorCode.QUEUE_UNKNOWN);
    }
  }

  @Test
  void tellsWhyAMessageIsNotTaken() {
    try (TestCore core = new TestCore(directory);
        WeirClient client = core.client()) {
      QueueClient queues = client.queues();
      queues.create(
          QueueConfig.of("small").withLimits(Duration.ZERO, 1, QueueConfig.Overflow.REJECT));
      queues.publish("small", Message.of("any", "x"));
      core.awaitLength("small", 1);

      assertFails(ErrorCode.OVERLOADED, () -> queues.publish("small", Message.of("any", "y")));
      assertFails(ErrorCode.INVALID_TOPIC, () -> queues.publish("none", Message.of("any", "y")));
      String large = "x".repeat(Message.MAX_BODY_BYTES);
      assertFails(ErrorCode.TOO_LARGE, () -> queues.publish("small", Message.of("any", large)));
      queues.purge("small");
      assertThat(queues.publish("small", Message.of("any", "z")).isDuplicate()).isFalse();
    }
  }

  @Test
  void administersQueues() {
    try (TestCore core = new TestCore(directory);
        WeirClient client = core.client()) {
      QueueClient queues = client.queues();
      QueueConfig dead = QueueConfig.of("dead");
      QueueConfig keyed =
          JOBS.withFilters(List.of("a/#"))
              .withDeadLetter("dead")
              .withOrder(QueueConfig.Order.KEY, true)
              .withLimits(Duration.ofDays(1), 100, QueueConfig.Overflow.DROP_OLDEST);
      queues.create(dead);
      assertThat(queues.create(keyed).config()).isEqualTo(keyed);
      client.publish(Message.of("a/b", "1"));
      queues.publish("jobs", Message.of("any", "2"));
      core.awaitLength("jobs", 2);

      assertThat(queues.list()).extracting(QueueFigures::config).containsExactly(dead, keyed);
      assertThat(queues.peek("jobs", 10)).extracting(each -> each.text()).containsExactly("1", "2");
      assertThat(queues.move("jobs", "dead", 1)).isEqualTo(1);
      assertThat(queues.requeue("dead", 10)).isZero();
      assertThat(queues.purge("dead")).isEqualTo(1);
      assertFails(ErrorCode.QUEUE_NOT_EMPTY, () -> queues.delete("jobs", true));
      assertFails(ErrorCode.QUEUE_EXISTS, () -> queues.create(JOBS));
      assertFails(ErrorCode.QUEUE_UNKNOWN, () -> queues.figures("none"));
      assertThat(queues.delete("jobs", false)).isEqualTo(1);
    }
  }
}
