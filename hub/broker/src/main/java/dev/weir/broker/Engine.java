package dev.weir.broker;

import dev.weir.base.ErrorCode;
import dev.weir.message.BatchSource;
import dev.weir.message.StoredLane;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/// What keeps a stream: appends, reads by position, suppresses duplicates. Everything that stores
/// data stands behind it: the embedded log, or Kafka.
///
/// What an engine promises: `stored` is told only of what survives a power cut; each (source, lane,
/// sequence) is stored at most once and in order within its lane; a message id is stored once
/// within the engine's window; a reader sees durable batches only, in order, and every gap.
public interface Engine extends AutoCloseable {
  /// Begins to serve; called once, before the first append.
  void start(EngineListener listener);

  /// The stream's name.
  String stream();

  int partitions();

  /// Whether an append of this many bytes would probably be taken now; when not,
  /// [EngineListener#room] follows.
  boolean hasRoom(int bytes);

  /// Stores a batch; never blocks. The listener is told once, on the engine's thread or before this
  /// returns.
  ///
  /// @return false when there is no room now: nothing happened, [EngineListener#room] follows
  boolean offer(EngineAppend append, PublishListener listener);

  /// Records that a sequence was refused for ever, so that its lane can go on behind it.
  ///
  /// @param code why; told to the sender again when it comes back before it has the ack
  /// @param listener told `stored` once that is durable
  /// @return false when there is no room now
  boolean pass(LaneSequence identity, ErrorCode code, PublishListener listener);

  /// The last sequence of the lane that is stored, 0 for none.
  long durableSequence(BatchSource source, int lane);

  /// See [Broker#resumeLane].
  CompletionStage<StoredLane> resumeLane(BatchSource source, int lane, long firstSequence);

  /// The first message that is kept.
  long firstOffset(int partition);

  /// One after the last durable message.
  long endOffset(int partition);

  /// The first message stored at or after a time in microseconds since 1970; the end when there is
  /// none.
  long offsetAtTime(int partition, long epochMicros) throws IOException;

  /// Reads from an offset on. Batches without a topic that matches are passed over where the engine
  /// can do so cheaply; one that does not match may still come.
  EngineReader reader(int partition, long fromOffset, Predicate<String> topics);

  /// The slowest durable cursor: where retention waits for cursors, what is behind it stays.
  void retainFrom(int partition, long offset);

  /// The compression dictionaries at hand.
  DictionaryShelf dictionaries();

  /// Whether there is a journal of the stream's queues already.
  default boolean hasJournal() throws IOException {
    return hasJournal("queues");
  }

  /// Whether there is a journal of this name already.
  boolean hasJournal(String name) throws IOException;

  /// Opens the journal of the stream's queues, and rebuilds its owner's state. Called once.
  ///
  /// @throws IOException when it cannot be read or written
  default EngineJournal openJournal(JournalOwner owner) throws IOException {
    return openJournal("queues", owner);
  }

  /// Opens a journal beside the stream, and rebuilds its owner's state. Called once a name.
  ///
  /// @param name of its directory: small letters
  /// @throws IOException when it cannot be read or written
  EngineJournal openJournal(String name, JournalOwner owner) throws IOException;

  /// Whether there are retained messages, or were.
  boolean hasRetained() throws IOException;

  /// Opens the stream's retained messages, beginning with none. Called once. May read the disk for
  /// long.
  ///
  /// @throws IOException when they cannot be read or written
  RetainedStore openRetained() throws IOException;

  EngineStats stats();

  /// Waits for what was offered to become durable, then releases everything. Idempotent, never
  /// throws.
  @Override
  void close();
}
