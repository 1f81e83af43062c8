package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;

/// Bounds the frames that cost their sender nothing: no credit pays for them, but each makes this
/// end work or answer (the HTTP/2 attacks of 2019 and "rapid reset" of 2023). So many of a kind may
/// come within a second; one more ends the connection.
///
/// Owned by the connection's event loop; allocates nothing.
final class FloodGuard {
  /// What is counted apart, with how many may come in a second.
  enum Kind {
    /// Each is answered. Ten times what this implementation sends at most.
    PING(1_000),
    /// Streams that end before they were of use: reset by the peer, or refused here. A peer may
    /// give up as many as it can have open at once.
    RESET(10_000),
    /// Calls that are given up: no more than a busy peer makes.
    CANCEL(200_000),
    /// Limits that allow nothing new. Those of streams that have ended meanwhile are among them.
    CREDIT(10_000),
    /// AUTH, SETTINGS and GOAWAY of the connection, a few in its life, and LEASE, ten a second.
    SETTINGS(100),
    /// Frames that are skipped, unasked PONGs, and what comes late for a stream.
    IDLE(10_000);

    private final int perSecond;

    Kind(int perSecond) {
      this.perSecond = perSecond;
    }

    int perSecond() {
      return perSecond;
    }
  }

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final Kind[] kinds = Kind.values();
  private final int[] counts = new int[kinds.length];
  private long secondStartNanos;

  FloodGuard(long nowNanos) {
    secondStartNanos = nowNanos;
  }

  /// Counts a frame.
  ///
  /// @throws WeirException FLOODED when it is one too many
  @SuppressWarnings("EnumOrdinal") // An index for this process only.
  void count(Kind kind, long nowNanos) {
    if (nowNanos - secondStartNanos >= SECOND_NANOS) {
      secondStartNanos = nowNanos;
      java.util.Arrays.fill(counts, 0);
    }
    if (++counts[kind.ordinal()] > kind.perSecond) {
      throw new WeirException(
          ErrorCode.FLOODED,
          "More than " + kind.perSecond + " frames of the kind " + kind + " came within a second.");
    }
  }
}
