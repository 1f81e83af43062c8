package dev.weir.broker;

import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where one subscription stands in one partition, and how it goes on: among the recent batches
/// when it keeps up, in the log when it does not. Owned by the subscription's thread; others may
/// ask for the position.
final class PartitionReading implements AutoCloseable {
  /// What a reading tells beside messages.
  interface Events {
    /// Called on the subscription's thread.
    void gap(StoredGap gap) throws InterruptedException;

    void expired(int count);

    /// The log is about to be read.
    void beforeLog();

    boolean isClosed();
  }

  private final Engine engine;
  private final Tail tail;
  private final Clock clock;
  private final int partition;
  private final List<TopicFilter> filters;
  private final MatchSignals signals;
  private final Events events;
  private @Nullable EngineReader reader;

  /// From here on the tail tells of everything that matches.
  private volatile long toldFrom = Long.MAX_VALUE;

  /// Everything that was told of when the signals were asked to forget was delivered.
  private boolean mayJump;

  /// The next message to be looked at or, while a selection is delivered, its first one that is
  /// not.
  private volatile long position;

  PartitionReading(
      SubscriptionContext context,
      int partition,
      List<TopicFilter> filters,
      MatchSignals signals,
      Events events) {
    this.engine = context.engine();
    this.tail = context.tail();
    this.clock = context.clock();
    this.partition = partition;
    this.filters = filters;
    this.signals = signals;
    this.events = events;
  }

  int partition() {
    return partition;
  }

  long position() {
    return position;
  }

  /// Begins, once the tail knows the subscription.
  void begin(long offset) {
    moveTo(offset);
    toldFrom = tail.endOffset(partition);
  }

  /// Goes on from another place.
  void moveTo(long offset) {
    close();
    position = offset;
  }

  /// Everything up to the offset is delivered.
  void delivered(long nextOffset) {
    position = nextOffset;
  }

  /// The next messages that match, null when everything stored so far is looked through.
  @Nullable Selection next() throws IOException, InterruptedException {
    while (!events.isClosed()) {
      passUnmatched();
      if (position >= tail.endOffset(partition)) {
        close();
        return null;
      }
      SharedBatch recent = tail.recent(partition, position);
      Selection selection = recent == null ? fromLog() : select(recent);
      if (recent != null) {
        close();
      }
      if (selection != null && selection.size() > 0) {
        position = selection.offset(0);
        return selection;
      }
      if (recent == null && selection == null && reader == null) {
        return null;
      }
    }
    return null;
  }

  /// Everything before it was delivered or does not match. Any thread.
  long reached() {
    long told = tail.signalledOffset(partition); // First: all before it is known by now.
    long now = position;
    boolean isAllKnown = now >= toldFrom && signals.isNothingFrom(partition, now);
    return isAllKnown ? Math.max(now, told) : now;
  }

  /// Something that matches was told of and is not delivered.
  boolean hasMore() {
    return !signals.isNothingFrom(partition, position);
  }

  /// Forgets what was told of once all of it is delivered, so that the next that is told is the
  /// first that is not.
  void settle() {
    if (hasMore()) {
      return;
    }
    signals.forget(partition);
    mayJump = !hasMore(); // What was told meanwhile may be forgotten: then it is looked for.
  }

  /// Goes to where something matches, over all that was committed since it [#settle]d.
  void jump() {
    if (!mayJump) {
      return;
    }
    mayJump = false;
    long toldAll = tail.signalledOffset(partition); // First: see [Tail].
    long told = Math.min(signals.first(partition), toldAll);
    if (told > position) {
      moveTo(told);
    }
  }

  boolean isAtEnd() {
    return position >= tail.endOffset(partition);
  }

  private void passUnmatched() {
    long reached = reached();
    if (reached > position) {
      moveTo(reached);
    }
  }

  /// The next messages that match, if they are among the recent ones. Tells nothing, reads nothing.
  ///
  /// @return null also when it is for [#next] to find them, which is when it is not at the end
  @Nullable Selection nextRecent() {
    while (true) {
      passUnmatched();
      SharedBatch recent = isAtEnd() ? null : tail.recent(partition, position);
      if (recent == null) {
        return null;
      }
      Selection found;
      try {
        found = recent.select(filters, position, clock.epochMicros());
      } catch (WeirException _) {
        return null; // It is damaged.
      }
      if (found.size() > 0) {
        position = found.offset(0);
        return found;
      }
      events.expired(found.expired());
      position = Math.max(position, recent.stored().endOffset());
    }
  }

  /// The log's next batch, null after anything else. Leaves no reader when the log has no more.
  private @Nullable Selection fromLog() throws IOException, InterruptedException {
    events.beforeLog();
    EngineReader open = reader;
    if (open == null) {
      open = engine.reader(partition, position, this::isWanted);
      reader = open;
    }
    switch (open.next()) {
      case StoredBatch batch -> {
        return select(new SharedBatch(batch));
      }
      case StoredGap gap -> {
        tell(gap);
        return null;
      }
      case null -> {
        position = Math.max(position, open.position());
        close();
        return null;
      }
    }
  }

  private boolean isWanted(String topic) {
    return SharedBatch.matches(filters, topic);
  }

  private @Nullable Selection select(SharedBatch batch) throws InterruptedException {
    StoredBatch stored = batch.stored();
    try {
      Selection selection = batch.select(filters, position, clock.epochMicros());
      events.expired(selection.expired());
      if (selection.size() == 0) {
        position = Math.max(position, stored.endOffset());
      }
      return selection;
    } catch (WeirException _) {
      damaged(stored);
      return null;
    }
  }

  /// A batch does not decode: its messages are told as lost, and the reading goes on behind it.
  void damaged(StoredBatch stored) throws InterruptedException {
    tell(
        new StoredGap(
            partition,
            Math.max(position, stored.baseOffset()),
            stored.endOffset(),
            GapReason.DAMAGE));
  }

  private void tell(StoredGap gap) throws InterruptedException {
    long from = Math.max(position, gap.fromOffset());
    if (gap.toOffset() > from) {
      events.gap(new StoredGap(partition, from, gap.toOffset(), gap.reason()));
      position = gap.toOffset();
    }
  }

  /// Gives back memory while the subscription waits.
  void park() {
    if (reader != null) {
      reader.park();
    }
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
