package dev.weir.broker.embedded;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.EngineAppend;
import dev.weir.broker.LaneSequence;
import dev.weir.broker.PublishListener;
import dev.weir.log.AppendListener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An append on its way to the disk, and who waits for its outcome. Guarded by the lock of
/// [Admission].
final class PendingAppend implements AppendListener {
  /// A message id of the append.
  record Id(IdHash hash, int messageIndex) {}

  private final Admission admission;
  private final int partition;
  private final @Nullable LaneSequence identity;
  private final @Nullable EngineAppend append;
  private final List<Id> ids;
  private final @Nullable ErrorCode refusal;
  private final PublishListener listener;
  private final List<PublishListener> waiters = new ArrayList<>(0);
  private long enqueuedBefore;
  private boolean isVoid;

  PendingAppend(
      Admission admission,
      int partition,
      EngineAppend append,
      List<Id> ids,
      PublishListener listener) {
    this(admission, partition, append.identity().orElse(null), append, ids, null, listener);
  }

  /// A record that a sequence is passed.
  ///
  /// @param refusal why it is refused for ever; null when all of it is stored already
  static PendingAppend passing(
      Admission admission,
      int partition,
      LaneSequence identity,
      @Nullable ErrorCode refusal,
      PublishListener listener) {
    return new PendingAppend(admission, partition, identity, null, List.of(), refusal, listener);
  }

  private PendingAppend(
      Admission admission,
      int partition,
      @Nullable LaneSequence identity,
      @Nullable EngineAppend append,
      List<Id> ids,
      @Nullable ErrorCode refusal,
      PublishListener listener) {
    this.admission = admission;
    this.partition = partition;
    this.identity = identity;
    this.append = append;
    this.ids = ids;
    this.refusal = refusal;
    this.listener = listener;
  }

  int partition() {
    return partition;
  }

  @Nullable LaneSequence identity() {
    return identity;
  }

  /// Its sequence on its lane, 0 without one.
  long sequence() {
    return identity == null ? 0 : identity.sequence();
  }

  @Nullable EngineAppend append() {
    return append;
  }

  int weight() {
    return append == null ? 0 : append.batch().weight();
  }

  List<Id> ids() {
    return ids;
  }

  /// Which of its messages has an id.
  int indexOf(IdHash hash) {
    for (Id id : ids) {
      if (id.hash().equals(hash)) {
        return id.messageIndex();
      }
    }
    throw new IllegalStateException("an id in flight is not of its append");
  }

  /// Why its sequence is passed for ever without it; null when it is not.
  @Nullable ErrorCode refusal() {
    return refusal;
  }

  PublishListener listener() {
    return listener;
  }

  /// Those who published the same again meanwhile.
  List<PublishListener> waiters() {
    return waiters;
  }

  /// The lane's last sequence before this one.
  long enqueuedBefore() {
    return enqueuedBefore;
  }

  void enqueuedBefore(long sequence) {
    enqueuedBefore = sequence;
  }

  /// Whether something before it on its lane failed, so that it will fail as well.
  boolean isVoid() {
    return isVoid;
  }

  void makeVoid() {
    isVoid = true;
  }

  @Override
  public void durable(long baseOffset, long commitMicros, long queueMicros, long timestampMicros) {
    admission.settle(this, baseOffset, commitMicros, queueMicros, timestampMicros);
  }

  @Override
  public void failed(WeirException cause) {
    admission.fail(this, cause);
  }
}
