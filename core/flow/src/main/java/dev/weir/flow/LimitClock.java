package dev.weir.flow;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How long each reason held a sender back: from when it last stopped for that reason to when it
/// next stopped.
///
/// Owned by the thread that owns the link; [#take] allocates its answer, nothing else does.
final class LimitClock {
  private static final LimitedBy[] REASONS = LimitedBy.values();

  private final long[] nanos = new long[REASONS.length];
  private @Nullable LimitedBy current;
  private long sinceNanos;
  private long takenNanos;
  private boolean isBegun;

  /// Sending stopped for a reason.
  void onLimited(long nowNanos, LimitedBy reason) {
    if (!isBegun) {
      isBegun = true;
      takenNanos = nowNanos;
    }
    close(nowNanos);
    current = reason;
  }

  /// The session ended: nothing holds the sender back but that. What passed since it last stopped
  /// counts for nothing.
  void onSessionEnd() {
    current = null;
  }

  @SuppressWarnings("EnumOrdinal") // Never stored: an index into an array of the same loaded enum.
  private void close(long nowNanos) {
    if (current != null) {
      nanos[current.ordinal()] += Math.max(0, nowNanos - sinceNanos);
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
