package dev.weir.broker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// Wakes subscriptions when something they want was committed.
///
/// Problem: a thousand idle subscriptions must cost nothing, neither at each commit nor when one
/// wakes after an hour of commits that it did not want. Idea: the engine's thread only puts each
/// batch among the [RecentBatches] and wakes one thread, `weir-broker-tail`. That thread walks
/// through the batches in order and tells those subscriptions that want one of its topics *where*
/// the batch begins. A subscription that had read everything before it fell asleep may therefore
/// jump there: nothing between matched.
///
/// Why the jump is safe: a subscription forgets older signals *before* it looks for the last time
/// and finds nothing. A batch that was signalled before that was among the recent ones by then, so
/// that look has seen it; one signalled later is the first such, as one thread signals in order.
///
/// When this thread falls behind the recent batches it wakes everybody at the place it had reached,
/// which is early and therefore safe.
final class Tail implements AutoCloseable {
  private final List<RecentBatches> partitions = new ArrayList<>();
  private final TopicMatches matches = new TopicMatches();
  private final WakeSignal signal = new WakeSignal();
  private final AtomicLongArray positions;
  private final Thread thread;
  private volatile boolean isClosed;

  /// @param recentBytes for all partitions together
  Tail(Engine engine, long recentBytes) {
    int count = engine.partitions();
    this.positions = new AtomicLongArray(count);
    for (int i = 0; i < count; i++) {
      long end = engine.endOffset(i);
      partitions.add(new RecentBatches(recentBytes / count, end));
      positions.set(i, end);
    }
    this.thread = Thread.ofPlatform().daemon().name("weir-broker-tail").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// The engine's thread: a batch is durable.
  void committed(StoredBatch batch) {
    partitions.get(batch.partition()).add(batch);
    signal.wake();
  }

  /// Any thread: it is told of what it wants from now on.
  void add(LocalSubscription subscription) {
    matches.add(subscription);
    signal.wake();
  }

  /// Any thread.
  void remove(LocalSubscription subscription) {
    matches.remove(subscription);
    signal.wake();
  }

  /// In order of their numbers.
  Collection<LocalSubscription> subscriptions() {
    return matches.all();
  }

  /// The batch that holds an offset, null when it is not among the recent ones.
  @Nullable SharedBatch recent(int partition, long offset) {
    return partitions.get(partition).at(offset);
  }

  /// One after the last message that was committed.
  long endOffset(int partition) {
    return partitions.get(partition).endOffset();
  }

  /// Everything before it was told to those who want it.
  long signalledOffset(int partition) {
    return positions.get(partition);
  }

  private void run() {
    while (!isClosed) {
      matches.takeChanges();
      for (int i = 0; i < partitions.size(); i++) {
        follow(i);
      }
      signal.await(this::hasWork);
    }
  }

  private boolean hasWork() {
    for (int i = 0; i < partitions.size(); i++) {
      if (positions.get(i) < endOffset(i)) {
        return true;
      }
    }
    return isClosed || matches.hasChanges();
  }

  private void follow(int partition) {
    RecentBatches recent = partitions.get(partition);
    long position = positions.get(partition);
    long end = recent.endOffset();
    while (position < end) {
      SharedBatch batch = recent.at(position);
      if (batch == null) {
        signalAll(partition, position);
        position = end;
      } else {
        long base = position;
        matches.forEachMatch(
            batch.stored().topics(), subscription -> subscription.signal(partition, base));
        position = batch.stored().endOffset();
      }
      positions.set(partition, position);
    }
  }

  private void signalAll(int partition, long position) {
    for (LocalSubscription subscription : matches.all()) {
      subscription.signal(partition, position);
    }
  }

  /// Ends the thread; idempotent.
  @Override
  public void close() {
    isClosed = true;
    signal.wake();
  }
}
