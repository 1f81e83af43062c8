package dev.weir.broker.presence;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Engine;
import dev.weir.broker.JournalOwner;
import dev.weir.broker.PresenceChange;
import dev.weir.broker.PresenceMember;
import dev.weir.broker.presence.LocalHolder.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Who is present, in memory and in the journal: each change is in both, or in none. What somebody
/// is told goes through [#behindRecords], and so never before the changes that it rests on are
/// durable.
///
/// Threads: owned by `weir-presence`; the lock is for the journal's thread, which writes the whole
/// table at the start of a segment, and for who asks how many there are.
final class PresenceBook implements JournalOwner {
  private final Engine engine;
  private final ScheduledExecutorService owner;
  private final ReentrantLock lock = new ReentrantLock();

  /// Changed by the owner under the lock.
  private final PresenceTable table = new PresenceTable();

  private @Nullable PresenceJournal journal;
  private long restored;

  PresenceBook(Engine engine, ScheduledExecutorService owner) {
    this.engine = engine;
    this.owner = owner;
  }

  /// Reads who was there, if there is a journal; once, before anything else.
  ///
  /// @throws IOException when it cannot be read
  void open() throws IOException {
    if (engine.hasJournal(LocalPresence.JOURNAL)) {
      journal = openJournal();
    }
  }

  private PresenceJournal openJournal() throws IOException {
    return new PresenceJournal(engine.openJournal(LocalPresence.JOURNAL, this), owner);
  }

  /// Opened by the first change: a core without presence has no file of it.
  private PresenceJournal journal() {
    PresenceJournal open = journal;
    if (open == null) {
      try {
        open = openJournal();
      } catch (IOException e) {
        throw new WeirException(
            ErrorCode.CONFIG_ENVIRONMENT, "The journal of presence: " + e.getMessage(), e);
      }
      journal = open;
    }
    return open;
  }

  /// For reading, by the owner.
  PresenceTable table() {
    return table;
  }

  /// How many are present. Any thread.
  int size() {
    lock.lock();
    try {
      return table.size();
    } finally {
      lock.unlock();
    }
  }

  /// Somebody watches a topic: see [PresenceTable#keep].
  void keep(String topic) {
    lock.lock();
    try {
      table.keep(topic);
    } finally {
      lock.unlock();
    }
  }

  void release(String topic) {
    lock.lock();
    try {
      table.release(topic);
    } finally {
      lock.unlock();
    }
  }

  /// Somebody came, or is told of anew.
  ///
  /// @throws WeirException CONFIG_ENVIRONMENT when there is no journal and none can be made
  PresenceChange put(String topic, PresenceMember member, PresenceChange.Kind kind) {
    PresenceJournal open = journal();
    lock.lock();
    try {
      long previous = table.sequence(topic);
      long sequence = table.put(topic, member);
      open.records().present(topic, sequence, member);
      return new PresenceChange(topic, sequence, previous, kind, member);
    } finally {
      lock.unlock();
    }
  }

  /// Somebody left.
  ///
  /// @param member who is at that place
  PresenceChange remove(Place place, PresenceMember member) {
    PresenceJournal open = journal();
    lock.lock();
    try {
      long previous = table.sequence(place.topic());
      long sequence = table.remove(place.topic(), place.name());
      open.records().left(place.topic(), sequence, place.name());
      return new PresenceChange(
          place.topic(), sequence, previous, PresenceChange.Kind.LEFT, member);
    } finally {
      lock.unlock();
    }
  }

  /// Runs something once every change of before is durable, in the order of these calls. Until
  /// [#flush], nothing is sent to the disk.
  void behindRecords(Runnable task) {
    PresenceJournal open = journal;
    if (open == null) {
      task.run();
    } else {
      open.tell(task);
    }
  }

  void flush() {
    PresenceJournal open = journal;
    if (open != null) {
      open.flush();
    }
  }

  /// The journal's thread.
  @Override
  public Bytes snapshot() {
    lock.lock();
    try {
      return PresenceRecords.of(table);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void restore(Bytes snapshot) {
    read(snapshot, -1);
    restored = table.sequence();
  }

  /// What is in the snapshot already stays as it is there.
  @Override
  public void replay(Bytes content) {
    read(content, restored);
  }

  private void read(Bytes content, long after) {
    try {
      PresenceRecords.read(content, table, after);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What is not durable yet is not told any more.
  void close() {
    PresenceJournal open = journal;
    if (open != null) {
      open.close();
    }
  }
}
