package dev.weir.link;

import dev.weir.flow.LaneDedup;
import dev.weir.proto.LaneAck;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One lane of a session: which sequence comes next, which frames are on their way into the store,
/// and the acks that are still to be sent. Owned by the session's event loop.
///
/// The store may finish frames in any order; the durable sequence is the end of the run of finished
/// ones. Acks gather while the client does not read: what is lost of them when they grow too many
/// is only the older frames' offsets.
final class ReceiverLane {
  /// Offsets in one ack: a few kilobytes.
  private static final int MAX_OFFSETS = 1024;

  /// Acks that differ in stream or partition.
  private static final int MAX_ACKS = 64;

  private final int number;
  private final LaneDedup dedup;
  private final ArrayDeque<PendingFrame> inOrder = new ArrayDeque<>();
  private final List<LaneAck.Builder> acks = new ArrayList<>();
  private boolean isAckAgain;

  /// @param durable the highest sequence that counts as stored
  ReceiverLane(int number, long durable) {
    this.number = number;
    this.dedup = new LaneDedup(durable);
  }

  int number() {
    return number;
  }

  LaneDedup dedup() {
    return dedup;
  }

  /// The next frame was taken.
  void add(PendingFrame frame) {
    dedup.accept();
    inOrder.add(frame);
  }

  /// A frame's outcome is known: takes the durable sequence as far as it goes.
  ///
  /// @return how many frames became durable
  int advance(long nowNanos) {
    int count = 0;
    PendingFrame frame = inOrder.peek();
    while (frame != null && frame.isDone) {
      inOrder.poll();
      dedup.onCommitted(frame.sequence);
      ack(frame, nowNanos);
      count++;
      frame = inOrder.peek();
    }
    return count;
  }

  private void ack(PendingFrame frame, long nowNanos) {
    LaneAck.Builder ack = acks.isEmpty() ? null : acks.getLast();
    boolean isRefused = frame.stream.isEmpty();
    boolean isFitting =
        ack != null
            && (isRefused
                || (ack.getStream().equals(frame.stream) && ack.getPartition() == frame.partition));
    if (ack == null || !isFitting) {
      if (acks.size() == MAX_ACKS) {
        acks.clear();
      }
      ack = LaneAck.newBuilder().setLane(number).setStream(frame.stream);
      ack.setPartition(frame.partition);
      acks.add(ack);
    }
    if (ack.getBaseOffsetsCount() == MAX_OFFSETS) {
      ack.clearBaseOffsets();
    }
    ack.setDurableSequence(frame.sequence)
        .setCommitMicros((int) Math.min(frame.commitMicros, 0xffff_ffffL))
        .setQueueMicros((int) Math.min(frame.queueMicros(nowNanos), 0xffff_ffffL))
        .addBaseOffsets(frame.baseOffset);
  }

  /// A frame came again: the ack is repeated.
  void ackAgain() {
    isAckAgain = true;
  }

  /// Hands over the acks that are due.
  void takeAcks(Consumer<LaneAck> target) {
    if (acks.isEmpty() && isAckAgain) {
      target.accept(
          LaneAck.newBuilder().setLane(number).setDurableSequence(dedup.durable()).build());
    }
    for (LaneAck.Builder ack : acks) {
      target.accept(ack.build());
    }
    acks.clear();
    isAckAgain = false;
  }

  /// Takes the lane back to what is durable: the outcomes of what is queued no longer count.
  void dropQueued() {
    inOrder.forEach(frame -> frame.isVoid = true);
    inOrder.clear();
    dedup.dropQueued();
  }
}
