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
/// Why the jump is safe: a subscription forgets older signals once it has delivered all that it was
/// told of, and looks once more whether it was told of something meanwhile; then it does not jump.
/// Of what is signalled later it remembers what stands first.
///
/// A crowd that wants the same batch is told in slices, and of batches behind it others hear
/// meanwhile ([Announcements]). What a subscription was told first may therefore stand behind what
/// it is told next; it jumps no further than to where everybody was told everything
/// ([#signalledOffset]).
///
/// When this thread falls behind the recent batches it wakes everybody at the place it had reached,
/// which is early and therefore safe.
final class Tail implements AutoCloseable {
  private final List<RecentBatches> partitions = new ArrayList<>();
  private final TopicMatches matches = new TopicMatches();
  private final WakeSignal signal = new WakeSignal();
  private final AtomicLongArray positions;

  // Owned by the thread.
  private final Announcements<LocalSubscription> announcements =
      new Announcements<>(LocalSubscription::signal);
  private final long[] announced;

  private final Thread thread;
  private volatile boolean isClosed;

  /// @param recentBytes for all partitions together
  Tail(Engine engine, long recentBytes) {
    int count = engine.partitions();
    this.positions = new AtomicLongArray(count);
    this.announced = new long[count];
    for (int i = 0; i < count; i++) {
      long end = engine.endOffset(i);
      partitions.add(new RecentBatches(recentBytes / count, end));
      positions.set(i, end);
      announced[i] = end;
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
      announcements.tellSome();
      for (int i = 0; i < partitions.size(); i++) {
        positions.set(i, announcements.toldUpTo(i, announced[i]));
      }
      signal.await(this::hasWork);
    }
  }

  private boolean hasWork() {
    for (int i = 0; i < partitions.size(); i++) {
      if (announced[i] < endOffset(i)) {
        return true;
      }
    }
    return isClosed || matches.hasChanges() || !announcements.isEmpty();
  }

  private void follow(int partition) {
    RecentBatches recent = partitions.get(partition);
    long position = announced[partition];
    long end = recent.endOffset();
    while (position < end) {
      SharedBatch batch = recent.at(position);
      if (batch == null) {
        signalAll(partition, position, end - 1);
        position = end;
      } else {
        announce(batch.stored());
        position = batch.stored().endOffset();
      }
    }
    announced[partition] = position;
  }

  private void announce(StoredBatch batch) {
    List<LocalSubscription> whom = matches.all(batch.topics());
    if (whom.isEmpty()) {
      return;
    }
    String topic = batch.topics().getFirst(); // Of several: who shares a batch shares its turns.
    announcements.announce(
        whom, topic, batch.partition(), batch.baseOffset(), batch.endOffset() - 1);
  }

  private void signalAll(int partition, long firstOffset, long lastOffset) {
    for (LocalSubscription subscription : matches.all()) {
      subscription.signal(
          partition, firstOffset, lastOffset, subscription.filters().getFirst().toString());
    }
  }

  /// Ends the thread; idempotent.
  @Override
  public void close() {
    isClosed = true;
    signal.wake();
  }
}
