package dev.weir.link;

import dev.weir.flow.LaneLedger;
import dev.weir.flow.SenderEvent;
import dev.weir.message.Batch;
import dev.weir.message.Durability;
import dev.weir.proto.LaneAck;
import dev.weir.proto.LaneDurable;
import dev.weir.proto.LaneState;
import dev.weir.proto.Nack;
import dev.weir.proto.Request;
import org.jspecify.annotations.Nullable;

/// One lane of a sender: the source of its frames and the ledger of what became of them.
///
/// The frame that was looked at but not sent yet is kept, so that a full window does not read it
/// from the spool again and again. Owned by the link's duty thread.
final class SenderLane {
  private static final long[] NO_OFFSETS = {};

  private final LaneSource source;
  private final LaneLedger ledger;
  private @Nullable LaneFrame ahead;
  private long highestSent;

  SenderLane(LaneSource source) {
    this.source = source;
    this.ledger = new LaneLedger(source.lane(), source.firstUnacked());
    this.highestSent = ledger.acked();
  }

  LaneSource source() {
    return source;
  }

  LaneLedger ledger() {
    return ledger;
  }

  LaneState hello() {
    return LaneState.newBuilder()
        .setLane(source.lane())
        .setFirstUnacked(source.firstUnacked())
        .setNextSequence(source.nextSequence())
        .build();
  }

  /// Whether everything that the source has is acked.
  boolean isSettled() {
    return source.firstUnacked() == source.nextSequence();
  }

  /// What a core's word on the lane amounts to; changes nothing.
  SenderEvent judge(LaneDurable durable) {
    long sequence = durable.getDurableSequence();
    if (sequence < 0 || sequence >= source.nextSequence()) {
      return SenderEvent.WELCOME_AHEAD;
    }
    if (sequence < source.firstUnacked() || durable.getCrc32C() == 0) {
      return SenderEvent.WELCOME;
    }
    return switch (source.match(sequence, durable.getCrc32C())) {
      case OWN -> SenderEvent.WELCOME;
      case FOREIGN -> SenderEvent.WELCOME_FOREIGN;
      case UNREADABLE -> SenderEvent.SPOOL_UNREADABLE;
    };
  }

  /// Goes on behind what the core holds, or behind what the source no longer has.
  ///
  /// @return sequences that this core lacks and the source cannot send again
  long resume(long durable, Durability durability) {
    ahead = null;
    if (durable >= source.firstUnacked()) {
      settle(durable, durability);
    }
    long from = Math.max(durable, source.firstUnacked() - 1);
    LaneLedger.Resumption resumption = ledger.resume(from, source.nextSequence());
    return resumption == LaneLedger.Resumption.AHEAD ? 0 : from - durable;
  }

  /// Hands over the refusals that may have been lost with their connection, before what settles
  /// them.
  ///
  /// @return how many there are
  int refuse(LaneDurable durable) {
    int count = 0;
    for (Nack nack : durable.getRefusedList()) {
      long sequence = nack.getSequence();
      if (sequence >= source.firstUnacked() && sequence <= durable.getDurableSequence()) {
        source.refused(sequence, LinkStatus.refusal(nack.getReason()), nack.getDetail());
        count++;
      }
    }
    return count;
  }

  private void settle(long durable, Durability durability) {
    source.settled(new LaneSettlement(source.lane(), durable, durability, "", 0, NO_OFFSETS, 0, 0));
  }

  /// Tells the source what an ack settled; the ledger has judged it before.
  void settle(LaneAck ack, Durability durability) {
    long[] offsets = new long[ack.getBaseOffsetsCount()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = ack.getBaseOffsets(i);
    }
    source.settled(
        new LaneSettlement(
            source.lane(),
            ack.getDurableSequence(),
            durability,
            ack.getStream(),
            ack.getPartition(),
            offsets,
            Integer.toUnsignedLong(ack.getCommitMicros()),
            Integer.toUnsignedLong(ack.getQueueMicros())));
  }

  /// The next frame to send, or null when there is none yet.
  @Nullable LaneFrame next() {
    long sequence = ledger.nextSequence();
    LaneFrame frame = ahead;
    if (frame == null || frame.sequence() != sequence) {
      frame = source.peek(sequence);
      ahead = frame;
    }
    return frame;
  }

  /// The wire form of the frame that [#next] gave; too large a one is replaced by a tombstone.
  Request encode(LaneFrame frame, long maxFrameBytes) {
    boolean isWithheld = frame.batch() != null && frame.batch().weight() > maxFrameBytes;
    return FrameCodec.encode(source.lane(), frame.sequence(), isWithheld ? null : frame.batch());
  }

  /// What the frame that [#next] gave will count.
  static int weight(LaneFrame frame, long maxFrameBytes) {
    int weight = FrameCodec.weight(frame.batch());
    return weight > maxFrameBytes ? FrameCodec.weight((Batch) null) : weight;
  }

  /// The frame went out.
  ///
  /// @return whether it had gone out before
  boolean onSent(int weight, long nowNanos) {
    long sequence = ledger.onSent(weight, nowNanos);
    ahead = null;
    boolean isAgain = sequence <= highestSent;
    highestSent = Math.max(highestSent, sequence);
    return isAgain;
  }

  /// The connection is gone: what was in flight will be sent again.
  void forgetInFlight() {
    ledger.forgetInFlight();
    ahead = null;
  }
}
