package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class SubmitQueueTest {
  @Test
  void givesBackInOrderUntilItIsFull() {
    SubmitQueue queue = new SubmitQueue(4);
    for (int i = 0; i < 4; i++) {
      put(queue, i);
    }
    assertThat(queue.claim()).isNull();

    for (int i = 0; i < 10; i++) {
      SubmitQueue.Slot slot = Objects.requireNonNull(queue.peek());
      assertThat(slot.bytes).isEqualTo(i);
      queue.release(slot);
      put(queue, i + 4);
    }
  }

  @Test
  void hidesAClaimedSlotUntilItIsPublished() {
    SubmitQueue queue = new SubmitQueue(4);
    SubmitQueue.Slot first = Objects.requireNonNull(queue.claim());
    put(queue, 2);
    assertThat(queue.peek()).isNull();

    first.bytes = 1;
    queue.publish(first);

    assertThat(queue.peek()).isSameAs(first);
  }

  @Test
  void losesNothingAndKeepsEachThreadsOrder() throws InterruptedException {
    SubmitQueue queue = new SubmitQueue(256);
    int threads = 4;
    int each = 10_000;
    List<Thread> producers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int thread = t;
      producers.add(Thread.ofPlatform().start(() -> produce(queue, thread, each)));
    }
    int misplaced = 0;
    long[] next = new long[threads];
    for (int taken = 0; taken < threads * each; ) {
      SubmitQueue.Slot slot = queue.peek();
      if (slot == null) {
        Thread.onSpinWait();
        continue;
      }
      misplaced += slot.bytes == next[slot.mid]++ ? 0 : 1;
      queue.release(slot);
      taken++;
    }
    for (Thread producer : producers) {
      producer.join();
    }
    assertThat(misplaced).isZero();
    assertThat(queue.peek()).isNull();
  }

  private static void produce(SubmitQueue queue, int thread, int count) {
    for (int i = 0; i < count; ) {
      SubmitQueue.Slot slot = queue.claim();
      if (slot == null) {
        Thread.onSpinWait();
        continue;
      }
      slot.mid = thread;
      slot.bytes = i++;
      queue.publish(slot);
    }
  }

  private static void put(SubmitQueue queue, long value) {
    SubmitQueue.Slot slot = Objects.requireNonNull(queue.claim());
    slot.bytes = value;
    queue.publish(slot);
  }
}
