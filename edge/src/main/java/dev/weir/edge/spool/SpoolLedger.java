package dev.weir.edge.spool;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The account of a spool: its lanes, and what is durable, settled, given up over all of them. A
/// monitor; no method waits or calls out, so any thread may call any.
///
/// ```
///   log     │ lane 3, late │ lane 5, late │ lane 6, live ........ │ offered, not durable │
///           └ released of the oldest                                                    │
///   held    └───────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// The log can only be given back from its beginning: behind the oldest frame without an ack even
/// acked ones take space, which counts as held.
final class SpoolLedger {
  private final Object lock = new Object();
  private final SpoolState state;
  private final List<LaneAccount> accounts = new ArrayList<>();
  private long nextOffered;
  private long offeredBytes;
  private long changes;

  /// How far each lane was acked, as the cursor file says.
  interface Acked {
    /// @return everything up to it was acked; all of a lane that had nothing left
    long settled(LaneState lane);

    /// @return where the log goes on behind that, or earlier
    LogPlace place(LaneState lane);
  }

  /// @param maxUnsettled so many frames behind the settled ones may have been sent before
  SpoolLedger(SpoolState state, Acked acked, int maxUnsettled) {
    this.state = state;
    this.nextOffered = state.live().nextSequence();
    this.offeredBytes = state.live().end().bytes();
    for (LaneState lane : state.lanes()) {
      long settled = Math.min(acked.settled(lane), lane.nextSequence() - 1);
      LogPlace place = acked.place(lane);
      accounts.add(new LaneAccount(lock, lane, settled, place, settled + maxUnsettled));
    }
    removeFinished();
  }

  /// Numbers a frame on the live lane.
  long assign(int weight) {
    synchronized (lock) {
      offeredBytes += weight;
      return nextOffered++;
    }
  }

  /// Takes the newest number back: the log did not take the frame.
  void unassign(int weight) {
    synchronized (lock) {
      offeredBytes -= weight;
      nextOffered--;
    }
  }

  void durable(int lane, long sequence, int weight, long endOffset, Map<String, Bytes> positions) {
    synchronized (lock) {
      state.data(lane, sequence, weight, endOffset, positions);
    }
  }

  /// Closes the live lane and begins another; everything numbered is durable.
  void roll(int number) {
    synchronized (lock) {
      LaneState old = state.live();
      Checks.state(nextOffered == old.nextSequence(), "frames of the live lane are on their way");
      LaneState fresh = state.roll(number, old.end().offset());
      accounts.add(new LaneAccount(lock, fresh, 0, fresh.start(), 0));
      nextOffered = 1;
      changes++;
      removeFinished();
    }
  }

  /// A lane may have nothing left: then it is gone.
  void removeFinished() {
    synchronized (lock) {
      for (LaneAccount account : List.copyOf(accounts)) {
        if (account.state() != state.live() && account.isSettled()) {
          state.remove(account.state());
          accounts.remove(account);
          changes++;
        }
      }
    }
  }

  void positions(Map<String, Bytes> positions) {
    synchronized (lock) {
      state.positions(positions);
    }
  }

  void lost(LossReason reason, LossTotal total) {
    synchronized (lock) {
      state.lost(reason, total.messages(), total.bytes());
    }
  }

  /// Frames of a lane will not be sent; in order of their sequences.
  void lost(LaneAccount lane, List<LossRange> ranges) {
    synchronized (lock) {
      for (LossRange range : ranges) {
        state.lost(lane.number(), range);
      }
    }
  }

  /// The lanes, oldest first; the last one is live.
  List<LaneAccount> lanes() {
    synchronized (lock) {
      return List.copyOf(accounts);
    }
  }

  LaneAccount live() {
    synchronized (lock) {
      return accounts.getLast();
    }
  }

  @Nullable LaneAccount lane(int number) {
    synchronized (lock) {
      for (LaneAccount account : accounts) {
        if (account.number() == number) {
          return account;
        }
      }
      return null;
    }
  }

  /// Grows whenever the lanes changed.
  long changes() {
    synchronized (lock) {
      return changes;
    }
  }

  /// Bytes of frames that are neither acked nor given up, durable or on their way there.
  long unackedBytes() {
    synchronized (lock) {
      long bytes = offeredBytes - state.live().end().bytes();
      for (LaneAccount account : accounts) {
        bytes += account.unackedBytes();
      }
      return Math.max(0, bytes);
    }
  }

  /// Where the log must be kept from: behind the acked frames of the oldest lane.
  LogPlace settledPlace() {
    synchronized (lock) {
      return accounts.getFirst().settledPlace();
    }
  }

  /// Bytes from the oldest of them on, which is what the log cannot give back.
  long heldBytes() {
    synchronized (lock) {
      for (LaneAccount account : accounts) {
        if (account.unackedBytes() > 0) {
          return Math.max(0, offeredBytes - account.released().bytes());
        }
      }
      return Math.max(0, offeredBytes - state.live().end().bytes());
    }
  }

  /// Messages that are durable and neither acked nor given up.
  long unackedMessages() {
    synchronized (lock) {
      return accounts.stream().mapToLong(LaneAccount::unackedMessages).sum();
    }
  }

  LossTotal loss(LossReason reason) {
    synchronized (lock) {
      return state.loss(reason);
    }
  }

  Map<String, Bytes> positions() {
    synchronized (lock) {
      return state.positions();
    }
  }

  Bytes snapshot() {
    synchronized (lock) {
      return state.encode();
    }
  }
}
