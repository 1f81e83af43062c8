package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;

/// A store that keeps one lane: a queue that commits in order and may fail. It is the oracle: each
/// sequence must be stored once, in order.
final class SimStore {
  private record Queued(SimReceiver session, long sequence, long bytes) {}

  private final Deque<Queued> queue = new ArrayDeque<>();
  private long durable;
  private boolean isBroken;

  void enqueue(SimReceiver session, long sequence, long bytes) {
    assertThat(isBroken).as("nothing is queued for a broken store").isFalse();
    queue.addLast(new Queued(session, sequence, bytes));
  }

  /// Makes up to `count` frames durable.
  void commit(int count) {
    for (int left = count; left > 0 && !queue.isEmpty(); left--) {
      Queued next = queue.removeFirst();
      assertThat(next.sequence()).as("stored once and in order").isEqualTo(durable + 1);
      durable = next.sequence();
      next.session().onCommitted(next.sequence(), next.bytes());
    }
  }

  /// Drops everything that is not durable.
  void fail() {
    isBroken = true;
    queue.forEach(queued -> queued.session().onDropped(queued.bytes()));
    queue.clear();
  }

  void recover() {
    isBroken = false;
  }

  long durable() {
    return durable;
  }

  boolean isBroken() {
    return isBroken;
  }

  boolean isQuiet() {
    return queue.isEmpty();
  }
}
