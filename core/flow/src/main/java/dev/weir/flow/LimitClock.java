package dev.weir.flow;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How long each reason held a sender back. While its thread waits, that is the reason for which it
/// last stopped sending; while its thread works, it is its own work: the CPU. So each moment of a
/// session counts once, and the CPU's share is how busy the thread is.
///
/// Owned by the thread that owns the link; [#take] allocates its answer, nothing else does.
final class LimitClock {
  private static final LimitedBy[] REASONS = LimitedBy.values();

  private final long[] nanos = new long[REASONS.length];
  private @Nullable LimitedBy current;
  private long sinceNanos;
  private long takenNanos;
  private boolean isBegun;
  private boolean isWorking;

  /// Sending stopped for a reason.
  void onLimited(long nowNanos, LimitedBy reason) {
    if (!isBegun) {
      isBegun = true;
      takenNanos = nowNanos;
    }
    close(nowNanos);
    current = reason;
  }

  /// The sender's thread begins to work.
  void onWork(long nowNanos) {
    close(nowNanos);
    isWorking = true;
  }

  /// The sender's thread has nothing left to do and waits.
  void onWait(long nowNanos) {
    close(nowNanos);
    isWorking = false;
  }

  /// The session ended: nothing holds the sender back but that. What passed since it last stopped
  /// counts for nothing.
  void onSessionEnd() {
    current = null;
  }

  @SuppressWarnings("EnumOrdinal") // Never stored: an index into an array of the same loaded enum.
  private void close(long nowNanos) {
    if (current != null) {
      LimitedBy reason = isWorking ? LimitedBy.CPU : current;
      nanos[reason.ordinal()] += Math.max(0, nowNanos - sinceNanos);
    }
    sinceNanos = nowNanos;
  }

  /// The shares since this was last asked.
  @SuppressWarnings("EnumOrdinal")
  LimitShares take(long nowNanos) {
    close(nowNanos);
    double all = Math.max(1, nowNanos - takenNanos);
    LimitShares shares =
        isBegun
            ? new LimitShares(
                nanos[LimitedBy.WINDOW.ordinal()] / all,
                nanos[LimitedBy.CREDIT.ordinal()] / all,
                nanos[LimitedBy.TRANSPORT.ordinal()] / all,
                nanos[LimitedBy.SPOOL.ordinal()] / all,
                nanos[LimitedBy.CPU.ordinal()] / all)
            : LimitShares.NONE;
    Arrays.fill(nanos, 0);
    takenNanos = nowNanos;
    isBegun = true;
    return shares;
  }
}
