package dev.weir.link;

import dev.weir.base.WeirException;
import dev.weir.message.Batch;
import org.jspecify.annotations.Nullable;

/// One frame between its arrival and its outcome. The store calls back on any thread; everything
/// else belongs to the session's event loop, to which the outcome is handed over.
final class PendingFrame implements StoreListener {
  private final FramedSession session;
  final ReceiverLane lane;
  final long sequence;

  /// What is kept of it, so that its sender knows it again; 0 for nothing.
  final int crc32c;

  final int weight;

  /// When it had arrived as a whole.
  final long arrivedNanos;

  /// Whether the sender was told already that it is refused.
  final boolean isNacked;

  /// Null once the store has it.
  @Nullable Batch batch;

  /// Set when the lane was taken back to before this frame: its outcome no longer counts.
  boolean isVoid;

  /// Set when its outcome is known and its sequence passed.
  boolean isDone;

  long baseOffset = LaneSettlement.NO_OFFSET;
  String stream = "";
  int partition;
  long commitMicros;
  @Nullable WeirException failure;

  PendingFrame(
      FramedSession session,
      ReceiverLane lane,
      long sequence,
      int crc32c,
      int weight,
      long arrivedNanos,
      boolean isNacked,
      Batch batch) {
    this.session = session;
    this.lane = lane;
    this.sequence = sequence;
    this.crc32c = crc32c;
    this.weight = weight;
    this.arrivedNanos = arrivedNanos;
    this.isNacked = isNacked;
    this.batch = batch;
  }

  @Override
  public void stored(
      String newStream,
      int newPartition,
      long newBaseOffset,
      boolean isDuplicate,
      long newCommitMicros,
      long newQueueMicros) {
    stream = newStream;
    partition = newPartition;
    baseOffset = newBaseOffset;
    commitMicros = newCommitMicros;
    session.onOutcome(this);
  }

  /// The rest of its time at the core: held for want of room, waiting in the store, and until its
  /// ack is made. The store's own figure knows the second part alone.
  long queueMicros(long nowNanos) {
    return Math.max(0, (nowNanos - arrivedNanos) / 1_000 - commitMicros);
  }

  @Override
  public void failed(WeirException cause) {
    failure = cause;
    session.onOutcome(this);
  }
}
