package dev.weir.edge.spool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// The account of one lane: what is handed to the link, settled, given up. Shares the lock of its
/// [SpoolLedger]; no method waits or calls out, so any thread may call any.
///
/// ```
///   lane        1 ........ settled │ handed and not settled │ durable │ offered, not durable │
///   bytes                 released ┘                                                         │
///                                  └──────────────── unacked ────────────────────────────────┘
/// ```
///
/// Frames that were dropped lie in ranges of [LaneState] from `settled` on; `released` stands
/// behind them, for their bytes are free although their sequences are not yet told to the core.
final class LaneAccount {
  private final Object lock;
  private final LaneState state;
  private final ArrayDeque<Handed> handed = new ArrayDeque<>();
  private long settledSequence;
  private LogPlace settledPlace;
  private long handedMax;
  private long heldFrom = Long.MAX_VALUE;

  /// A frame that the link has.
  private record Handed(long sequence, LogPlace start, LogPlace end) {}

  /// @param settled everything up to this sequence was acked
  /// @param place where the log goes on behind it, or earlier
  /// @param mayHaveHanded frames up to here may have been sent by an earlier process
  LaneAccount(Object lock, LaneState state, long settled, LogPlace place, long mayHaveHanded) {
    this.lock = lock;
    this.state = state;
    this.settledSequence = settled;
    this.settledPlace =
        new LogPlace(place.offset(), Math.min(place.bytes(), state.end().bytes()))
            .max(state.start());
    this.handedMax = mayHaveHanded;
    state.settled(settled);
  }

  int number() {
    return state.number();
  }

  /// The lane's part of the state, for the owner of the lock.
  LaneState state() {
    return state;
  }

  /// New ranges, of which the first becomes part of the last known one when no number of either was
  /// sent: so a long outage is told in few ranges.
  List<LossRange> joined(List<LossRange> ranges) {
    synchronized (lock) {
      LossRange first = ranges.getFirst();
      LossRange known = state.lastRange().orElse(null);
      if (known == null || known.lastSequence() <= handedMax || !known.canJoin(first)) {
        return ranges;
      }
      List<LossRange> joined = new ArrayList<>(ranges);
      joined.set(0, known.joined(first));
      return joined;
    }
  }

  /// Whether a frame may go to the link; from here on it counts as perhaps stored by a core.
  boolean tryHand(long sequence) {
    synchronized (lock) {
      if (sequence >= heldFrom) {
        return false;
      }
      handedMax = Math.max(handedMax, sequence);
      return true;
    }
  }

  /// Keeps the link from frames that it does not have yet, while it is found out which of them are
  /// to be given up.
  ///
  /// @return the last sequence that it may have
  long hold() {
    synchronized (lock) {
      heldFrom = handedMax + 1;
      return handedMax;
    }
  }

  void release() {
    synchronized (lock) {
      heldFrom = Long.MAX_VALUE;
    }
  }

  /// A reader met a frame: one that is settled lets the place move on, another one is noted as the
  /// link's.
  void met(long sequence, LogPlace start, LogPlace end) {
    synchronized (lock) {
      if (sequence <= settledSequence) {
        settledPlace = settledPlace.max(end);
      } else if (handed.isEmpty() || handed.peekLast().sequence < sequence) {
        handed.addLast(new Handed(sequence, start, end));
      }
    }
  }

  /// Everything up to a sequence is durable in a core.
  void settled(long sequence) {
    synchronized (lock) {
      if (sequence <= settledSequence) {
        return;
      }
      settledSequence = Math.min(sequence, state.nextSequence() - 1);
      while (!handed.isEmpty() && handed.peekFirst().sequence <= settledSequence) {
        settledPlace = settledPlace.max(handed.pollFirst().end);
      }
      state
          .rangeBefore(settledSequence)
          .filter(range -> range.lastSequence() <= settledSequence)
          .ifPresent(range -> settledPlace = settledPlace.max(range.endPlace()));
      state.settled(settledSequence);
      if (isSettled()) {
        settledPlace = settledPlace.max(state.end());
      }
    }
  }

  /// Whether nothing durable is without an ack.
  boolean isSettled() {
    synchronized (lock) {
      return settledSequence == state.nextSequence() - 1;
    }
  }

  /// A place to read a frame from, at or before it.
  LogPlace placeBefore(long sequence) {
    synchronized (lock) {
      LogPlace best = settledPlace;
      for (Iterator<Handed> i = handed.descendingIterator(); i.hasNext(); ) {
        Handed frame = i.next();
        if (frame.sequence <= sequence) {
          best = frame.start;
          break;
        }
      }
      return behind(state.rangeBefore(sequence), best);
    }
  }

  /// Where the oldest frame stands that is neither settled nor given up.
  LogPlace released() {
    synchronized (lock) {
      return behind(state.lastRange(), settledPlace);
    }
  }

  private static LogPlace behind(Optional<LossRange> range, LogPlace place) {
    return range.isPresent() && range.get().endOffset() > place.offset()
        ? range.get().endPlace()
        : place;
  }

  /// The sequence of that frame.
  long firstKept() {
    synchronized (lock) {
      long lost = state.lastRange().map(LossRange::lastSequence).orElse(0L);
      return Math.max(settledSequence, lost) + 1;
    }
  }

  /// What stands in a frame's place when it was lost.
  Optional<LossRange> rangeAt(long sequence) {
    synchronized (lock) {
      return state.rangeAt(sequence);
    }
  }

  /// Durable frames that are neither acked nor given up, in bytes.
  long unackedBytes() {
    synchronized (lock) {
      return Math.max(0, state.end().bytes() - released().bytes());
    }
  }

  /// Their messages.
  long unackedMessages() {
    synchronized (lock) {
      return Math.max(0, state.end().offset() - released().offset());
    }
  }

  long settledSequence() {
    synchronized (lock) {
      return settledSequence;
    }
  }

  LogPlace settledPlace() {
    synchronized (lock) {
      return settledPlace;
    }
  }

  /// The sequence that the next durable frame will have.
  long nextDurable() {
    synchronized (lock) {
      return state.nextSequence();
    }
  }

  /// Before its first frame, and behind its last durable one: the end of a closed lane.
  LogPlace start() {
    return state.start();
  }

  LogPlace end() {
    synchronized (lock) {
      return state.end();
    }
  }
}
