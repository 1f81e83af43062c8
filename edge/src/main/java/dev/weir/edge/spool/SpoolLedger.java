package dev.weir.edge.spool;

import dev.weir.base.Bytes;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The account of a spool: what is durable, handed to the link, settled, given up. A monitor; no
/// method waits or calls out, so any thread may call any.
///
/// ```
///   lane        1 ........ settled │ handed and not settled │ durable │ offered, not durable │
///   bytes                 released ┘                                                         │
///                                  └──────────────── unacked ────────────────────────────────┘
/// ```
///
/// Frames that were dropped lie in ranges of [SpoolState] from `settled` on; `released` stands
/// behind them, for their bytes are free although their sequences are not yet told to the core.
final class SpoolLedger {
  private final SpoolState state;
  private final ArrayDeque<Handed> handed = new ArrayDeque<>();
  private long nextOffered;
  private long offeredBytes;
  private long settledSequence;
  private long settledOffset;
  private long settledBytes;
  private long handedMax;
  private long heldFrom = Long.MAX_VALUE;

  /// A frame that the link has.
  private record Handed(long sequence, Place start, Place end) {}

  /// A place in the log between two frames of the lane.
  ///
  /// @param offset in the log
  /// @param bytes of the lane's frames before it
  record Place(long offset, long bytes) {}

  /// @param settled everything up to this sequence was acked
  /// @param place where the log goes on behind it, or earlier
  /// @param mayHaveHanded frames up to here may have been sent by an earlier process
  SpoolLedger(SpoolState state, long settled, Place place, long mayHaveHanded) {
    this.state = state;
    this.nextOffered = state.nextSequence();
    this.offeredBytes = state.bytes();
    this.settledSequence = settled;
    this.settledOffset = place.offset();
    this.settledBytes = Math.min(place.bytes(), state.bytes());
    this.handedMax = mayHaveHanded;
    state.settled(settled);
  }

  /// Numbers a frame.
  synchronized long assign(int weight) {
    offeredBytes += weight;
    return nextOffered++;
  }

  /// Takes the newest number back: the log did not take the frame.
  synchronized void unassign(int weight) {
    offeredBytes -= weight;
    nextOffered--;
  }

  synchronized void durable(
      long sequence, int weight, long endOffset, Map<String, Bytes> positions) {
    state.data(sequence, weight, endOffset, positions);
  }

  synchronized void positions(Map<String, Bytes> positions) {
    state.positions(positions);
  }

  synchronized void lost(LossReason reason, LossTotal total) {
    state.lost(reason, total.messages(), total.bytes());
  }

  /// Frames that will not be sent; in order of their sequences.
  synchronized void lost(List<LossRange> ranges) {
    for (LossRange range : ranges) {
      boolean mayJoin =
          range.firstSequence() > handedMax
              && state.lastRange().map(last -> last.lastSequence() > handedMax).orElse(false);
      state.lost(range, mayJoin);
    }
  }

  /// Whether a frame may go to the link; from here on it counts as perhaps stored by a core.
  synchronized boolean tryHand(long sequence) {
    if (sequence >= heldFrom) {
      return false;
    }
    handedMax = Math.max(handedMax, sequence);
    return true;
  }

  /// Keeps the link from frames that it does not have yet, while it is found out which of them are
  /// to be given up.
  ///
  /// @return the last sequence that it may have
  synchronized long hold() {
    heldFrom = handedMax + 1;
    return handedMax;
  }

  synchronized void release() {
    heldFrom = Long.MAX_VALUE;
  }

  /// Where a frame stands that the link has.
  synchronized void handed(long sequence, Place start, Place end) {
    if (sequence > settledSequence && (handed.isEmpty() || handed.peekLast().sequence < sequence)) {
      handed.addLast(new Handed(sequence, start, end));
    }
  }

  /// Everything up to a sequence is durable in a core.
  synchronized void settled(long sequence) {
    if (sequence <= settledSequence) {
      return;
    }
    settledSequence = Math.min(sequence, state.nextSequence() - 1);
    while (!handed.isEmpty() && handed.peekFirst().sequence <= settledSequence) {
      settleAt(handed.pollFirst().end);
    }
    state
        .rangeBefore(settledSequence)
        .filter(range -> range.lastSequence() <= settledSequence)
        .ifPresent(range -> settleAt(new Place(range.endOffset(), range.endBytes())));
    state.settled(settledSequence);
    if (settledSequence == state.nextSequence() - 1) {
      settleAt(new Place(state.endOffset(), state.bytes()));
    }
  }

  /// A reader passed a frame that is settled: the place may move on.
  synchronized void passed(long sequence, Place end) {
    if (sequence <= settledSequence) {
      settleAt(end);
    }
  }

  private void settleAt(Place place) {
    settledOffset = Math.max(settledOffset, place.offset());
    settledBytes = Math.max(settledBytes, place.bytes());
  }

  /// A place to read a frame from, at or before it.
  synchronized Place placeBefore(long sequence) {
    Place best = new Place(settledOffset, settledBytes);
    for (Iterator<Handed> i = handed.descendingIterator(); i.hasNext(); ) {
      Handed frame = i.next();
      if (frame.sequence <= sequence) {
        best = frame.start;
        break;
      }
    }
    Optional<LossRange> range = state.rangeBefore(sequence);
    if (range.isPresent() && range.get().endOffset() > best.offset()) {
      best = new Place(range.get().endOffset(), range.get().endBytes());
    }
    return best;
  }

  /// Where the oldest frame stands that is neither settled nor given up.
  synchronized Place released() {
    Place place = new Place(settledOffset, settledBytes);
    Optional<LossRange> last = state.lastRange();
    return last.isPresent() && last.get().endOffset() > place.offset()
        ? new Place(last.get().endOffset(), last.get().endBytes())
        : place;
  }

  /// The sequence of that frame.
  synchronized long firstKept() {
    return Math.max(settledSequence, state.lastRange().map(LossRange::lastSequence).orElse(0L)) + 1;
  }

  synchronized Optional<LossRange> rangeAt(long sequence) {
    return state.rangeAt(sequence);
  }

  /// Bytes of frames that are neither acked nor given up, durable or on their way there.
  synchronized long unackedBytes() {
    return Math.max(0, offeredBytes - released().bytes());
  }

  /// Messages that are durable and neither acked nor given up.
  synchronized long unackedMessages() {
    return Math.max(0, state.endOffset() - released().offset());
  }

  synchronized long settledSequence() {
    return settledSequence;
  }

  synchronized Place settledPlace() {
    return new Place(settledOffset, settledBytes);
  }

  /// The sequence that the next durable frame will have.
  synchronized long nextDurable() {
    return state.nextSequence();
  }

  synchronized LossTotal loss(LossReason reason) {
    return state.loss(reason);
  }

  synchronized Map<String, Bytes> positions() {
    return state.positions();
  }

  synchronized Bytes snapshot() {
    return state.encode();
  }
}
