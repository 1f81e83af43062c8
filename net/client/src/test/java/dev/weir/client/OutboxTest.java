package dev.weir.client;

import static dev.weir.testkit.Eventually.eventually;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.link.LaneFrame;
import dev.weir.link.LaneSettlement;
import dev.weir.message.Batch;
import dev.weir.message.BatchReader;
import dev.weir.message.Durability;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.message.Receipt;
import dev.weir.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The outbox with the test in the place of the link: one thread, no time.
final class OutboxTest {
  private static final PublisherOptions OPTIONS =
      PublisherOptions.DEFAULT.withBatch(ByteSize.ofKibibytes(4));
  private final Outbox outbox = outbox(OPTIONS);

  private static Outbox outbox(PublisherOptions options) {
    return new Outbox(options, new Settlements(Runnable::run));
  }

  @Test
  void givesALoneMessageToTheLinkAtOnce() {
    boolean wake = outbox.add(message("a"), null);

    assertThat(wake).isTrue();
    assertThat(outbox.nextSequence()).isEqualTo(2);
    assertThat(bodies(outbox, 1)).containsExactly("a");
    assertThat(outbox.peek(2)).isNull();
    assertThat(outbox.add(message("b"), null)).as("the link sleeps").isTrue();
    assertThat(bodies(outbox, 2)).containsExactly("b");
  }

  @Test
  void fillsBatchesWhileTheLinkDoesNotAsk() {
    String body = "x".repeat(1000);
    List<Boolean> wakes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      wakes.add(outbox.add(message(body), null));
    }

    assertThat(wakes).filteredOn(wake -> wake).hasSize(1);
    int frames = (int) outbox.nextSequence() - 1;
    List<String> read = new ArrayList<>();
    for (int i = 1; i <= frames; i++) {
      read.addAll(bodies(outbox, i));
    }
    assertThat(frames).isBetween(25, 34);
    assertThat(read).hasSize(100).containsOnly(body);
    assertThat(outbox.peek(frames + 1)).isNull();
  }

  @Test
  void givesTheSameFrameAgainUntilItIsSettled() {
    outbox.add(message("a"), null);
    Batch first = frame(outbox, 1).batch();
    outbox.add(message("b"), null);

    assertThat(frame(outbox, 1).batch()).isSameAs(first);
    assertThat(outbox.firstUnacked()).isEqualTo(1);
    settle(outbox, 1, 0);
    assertThat(outbox.firstUnacked()).isEqualTo(2);
    assertThat(outbox.peek(1)).isNull();
    assertThat(bodies(outbox, 2)).containsExactly("b");
  }

  @Test
  void countsEachReceiptFromItsBatchsFirstOffset() {
    List<Pending> pending = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      pending.add(new Pending(i % 2 == 0));
      outbox.add(message("m" + i), pending.getLast());
      if (i == 6) {
        assertThat(outbox.peek(1)).isNotNull();
      }
    }
    assertThat(outbox.peek(2)).isNotNull();

    settle(outbox, 2, 100, 500);

    assertThat(offsets(pending))
        .containsExactly(100L, 101L, 102L, 103L, 104L, 105L, 106L, 500L, 501L, 502L);
    assertThat(pending.getFirst().join().durability()).isEqualTo(Durability.DURABLE);
    assertThat(outbox.totals()).isEqualTo(new PublisherTotals(10, 10, 0));
  }

  @Test
  void knowsNoPlaceForWhatAResumptionSettled() {
    List<Pending> pending = oneBatchEach(3);

    settle(outbox, 3, 77);

    assertThat(pending.get(0).join().position().isKnown()).isFalse();
    assertThat(pending.get(1).join().position()).isEqualTo(Position.UNKNOWN);
    assertThat(pending.get(2).join().position()).isEqualTo(new Position("main", 0, 77));
  }

  @Test
  void failsARefusedBatchOnceAndSettlesTheRest() {
    List<Pending> pending = oneBatchEach(3);

    outbox.refused(2, ErrorCode.MALFORMED, "no");
    outbox.refused(2, ErrorCode.MALFORMED, "again");
    settle(outbox, 3, 10, LaneSettlement.NO_OFFSET, 11);

    assertThat(pending.get(0).join().position().offset()).isEqualTo(10);
    assertThat(pending.get(2).join().position().offset()).isEqualTo(11);
    assertThatThrownBy(pending.get(1)::join).hasRootCauseMessage("no");
    assertThat(outbox.totals()).isEqualTo(new PublisherTotals(3, 2, 1));
    assertThat(outbox.totals().unacked()).isZero();
  }

  @Test
  void refusesBeyondItsWindowAndTakesMoreOnceThereIsRoom() {
    Outbox small =
        outbox(OPTIONS.withWhenFull(WhenFull.FAIL).withWindow(ByteSize.ofKibibytes(64), 5));
    for (int i = 0; i < 5; i++) {
      small.add(message("m"), null);
    }

    assertThatThrownBy(() -> small.add(message("m"), null))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WINDOW_FULL));
    assertThat(small.peek(1)).isNotNull();
    settle(small, 1, 0);
    assertThat(small.add(message("m"), null)).isTrue();
    assertThat(small.totals()).isEqualTo(new PublisherTotals(6, 5, 0));
  }

  @Test
  void boundsItsBytesButTakesOneMessageOfAnySize() {
    Outbox small =
        outbox(OPTIONS.withWhenFull(WhenFull.FAIL).withWindow(ByteSize.ofKibibytes(64), 1000));
    Message large = Message.of("t", Bytes.wrap(new byte[1 << 20]));

    small.add(large, null);

    assertThatThrownBy(() -> small.add(message("m"), null)).hasMessageContaining("1 messages");
    assertThat(small.peek(1)).isNotNull();
    settle(small, 1, 0);
    assertThat(small.add(message("m"), null)).isTrue();
  }

  @Test
  void makesAPublisherWaitForRoom() throws Exception {
    Outbox small = outbox(OPTIONS.withWindow(ByteSize.ofKibibytes(64), 1));
    small.add(message("a"), null);
    Thread waiting = Thread.ofVirtual().start(() -> small.add(message("b"), null));
    eventually("it waits", () -> waiting.getState() == Thread.State.WAITING);

    assertThat(small.peek(1)).isNotNull();
    settle(small, 1, 0);

    waiting.join();
    assertThat(bodies(small, 2)).containsExactly("b");
  }

  @Test
  void failsWhatIsLeftAndEverythingLaterOnceAbandoned() throws Exception {
    List<Pending> pending = oneBatchEach(2);
    Pending growing = new Pending(false);
    outbox.add(message("c"), growing);
    settle(outbox, 1, 0);

    outbox.abandon(closed());

    assertThat(pending.get(0)).isCompleted();
    assertThatThrownBy(pending.get(1)::join).hasRootCauseMessage("closed");
    assertThatThrownBy(growing::join).hasRootCauseMessage("closed");
    assertThatThrownBy(() -> outbox.add(message("d"), null)).hasMessage("closed");
    assertThat(outbox.totals()).isEqualTo(new PublisherTotals(3, 1, 2));
    assertThat(outbox.await(0)).isTrue();
  }

  @Test
  void settlesEveryMessageOnceAndInOrderOnAnyPath() {
    RandomGenerator random = Seeds.random("OutboxTest");
    for (int round = 0; round < 300; round++) {
      new RandomLink(random).run();
    }
  }

  /// A link that peeks, forgets its connection, settles and refuses at random.
  private static final class RandomLink {
    private final RandomGenerator random;
    private final Outbox outbox = outbox(OPTIONS);
    private final List<CompletableFuture<Receipt>> pending = new ArrayList<>();
    private final List<Integer> settled = new ArrayList<>();
    private final List<Integer> settledOrder = new ArrayList<>();
    private final List<@Nullable Batch> seen = new ArrayList<>();
    private long sent;
    private long offset;

    RandomLink(RandomGenerator random) {
      this.random = random;
    }

    void run() {
      for (int step = 0; step < 200; step++) {
        switch (random.nextInt(6)) {
          case 0, 1, 2 -> publish();
          case 3 -> peek();
          case 4 -> settle();
          default -> sent = random.nextInt(4) == 0 ? outbox.firstUnacked() - 1 : sent;
        }
      }
      outbox.abandon(closed());

      assertThat(settledOrder).isSorted();
      assertThat(settled.size() + settledOrder.size()).isEqualTo(pending.size());
      PublisherTotals totals = outbox.totals();
      assertThat(totals.accepted()).isEqualTo(pending.size());
      assertThat(totals.unacked()).isZero();
    }

    private void publish() {
      int index = pending.size();
      Pending next = new Pending(random.nextBoolean());
      var _ = next.whenComplete((_, _) -> (next.isPrivate() ? settled : settledOrder).add(index));
      pending.add(next);
      outbox.add(message("x".repeat(random.nextInt(1500)) + index), next);
    }

    private void peek() {
      LaneFrame frame = outbox.peek(sent + 1);
      if (frame == null) {
        assertThat(sent + 1).isEqualTo(outbox.nextSequence());
        return;
      }
      sent++;
      if (sent > seen.size()) {
        seen.add(frame.batch());
      } else {
        assertThat(frame.batch()).isSameAs(seen.get((int) sent - 1));
      }
    }

    private void settle() {
      int count = (int) (sent - outbox.firstUnacked() + 1);
      if (count > 0) {
        int of = 1 + random.nextInt(count);
        long[] offsets = new long[of];
        for (int i = 0; i < of; i++) {
          offsets[i] = offset++;
        }
        OutboxTest.settle(outbox, outbox.firstUnacked() + of - 1, offsets);
      }
    }
  }

  private List<Pending> oneBatchEach(int count) {
    List<Pending> pending = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      pending.add(new Pending(false));
      outbox.add(message("m" + i), pending.getLast());
      assertThat(outbox.peek(i)).isNotNull();
    }
    return pending;
  }

  private static WeirException closed() {
    return new WeirException(ErrorCode.CONNECTION_LOST, "closed");
  }

  private static Message message(String body) {
    return Message.of("t", body).withTimeMicros(1);
  }

  private static LaneFrame frame(Outbox outbox, long sequence) {
    return requireNonNull(outbox.peek(sequence));
  }

  private static List<String> bodies(Outbox outbox, long sequence) {
    Batch batch = requireNonNull(frame(outbox, sequence).batch());
    return BatchReader.read(batch).stream().map(message -> message.body().utf8()).toList();
  }

  private static List<Long> offsets(List<Pending> pending) {
    return pending.stream().map(p -> p.join().position().offset()).toList();
  }

  private static void settle(Outbox outbox, long durable, long... offsets) {
    outbox.settled(new LaneSettlement(0, durable, Durability.DURABLE, "main", 0, offsets, 0, 0));
  }
}
