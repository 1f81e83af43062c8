package dev.weir.wire;

import dev.weir.base.Checks;
import org.jspecify.annotations.Nullable;

/// The calls of one stream that wait for their reply, by mid. Mids are given in order and looked up
/// by their low bits; a mid whose place an older call still has is left out. The table dies with
/// its stream, so a late reply can never meet a call of another connection.
///
/// Owned by the connection's event loop; allocates only to grow.
final class PendingCalls {
  /// Beyond it a peer that never answers would only fill memory.
  static final int MAX_CALLS = 1 << 20;

  private @Nullable ReplyHandler[] handlers = new ReplyHandler[16];
  private int[] mids = new int[16];
  private long[] deadlines = new long[16];
  private int count;
  private int withDeadline;
  private int nextMid = 1;

  /// No deadline.
  static final long NEVER = Long.MAX_VALUE;

  int count() {
    return count;
  }

  boolean hasDeadlines() {
    return withDeadline > 0;
  }

  boolean isFull() {
    return count == MAX_CALLS;
  }

  /// Remembers a call and gives it its mid, never 0.
  ///
  /// @param deadlineNanos when it is over, on the clock's monotonic scale; [#NEVER] for no deadline
  int add(ReplyHandler handler, long deadlineNanos) {
    Checks.state(!isFull(), "too many calls wait on a stream");
    if (count * 2 >= handlers.length) {
      grow();
    }
    int mask = handlers.length - 1;
    while (nextMid == 0 || handlers[nextMid & mask] != null) {
      nextMid++;
    }
    int mid = nextMid++;
    put(mid & mask, mid, handler, deadlineNanos);
    count++;
    withDeadline += deadlineNanos == NEVER ? 0 : 1;
    return mid;
  }

  private void put(int at, int mid, ReplyHandler handler, long deadlineNanos) {
    handlers[at] = handler;
    mids[at] = mid;
    deadlines[at] = deadlineNanos;
  }

  boolean isPending(int mid) {
    int at = mid & (handlers.length - 1);
    return handlers[at] != null && mids[at] == mid;
  }

  /// Forgets a call.
  ///
  /// @return who waits for it; null when nobody does
  @Nullable ReplyHandler take(int mid) {
    int at = mid & (handlers.length - 1);
    ReplyHandler handler = handlers[at];
    if (handler == null || mids[at] != mid) {
      return null;
    }
    handlers[at] = null;
    count--;
    withDeadline -= deadlines[at] == NEVER ? 0 : 1;
    return handler;
  }

  /// Fails every call whose deadline is over, and says so to `expired` first.
  void expire(long nowNanos, Expired expired) {
    for (int at = 0; at < handlers.length; at++) {
      if (handlers[at] != null && deadlines[at] != NEVER && deadlines[at] - nowNanos <= 0) {
        int mid = mids[at];
        expired.onExpired(mid);
        fail(mid, WireStatus.of(StatusCode.DEADLINE_EXCEEDED, "No answer came in time."));
      }
    }
  }

  /// Hears of a call that is given up.
  @FunctionalInterface
  interface Expired {
    void onExpired(int mid);
  }

  /// Fails a call, unless it is over.
  void fail(int mid, WireStatus status) {
    ReplyHandler handler = take(mid);
    if (handler != null) {
      handler.onFailure(mid, status);
    }
  }

  /// Fails the calls behind one as never begun.
  void failAbove(int lastMid, WireStatus status) {
    for (int at = 0; at < handlers.length; at++) {
      if (handlers[at] != null && mids[at] - lastMid > 0) {
        fail(mids[at], status);
      }
    }
  }

  /// Fails every call; those that a handler adds meanwhile too.
  void failAll(WireStatus status) {
    while (count > 0) {
      for (int at = 0; at < handlers.length; at++) {
        if (handlers[at] != null) {
          fail(mids[at], status);
        }
      }
    }
  }

  private void grow() {
    @Nullable ReplyHandler[] oldHandlers = handlers;
    int[] oldMids = mids;
    long[] oldDeadlines = deadlines;
    int size = oldHandlers.length * 2;
    handlers = new ReplyHandler[size];
    mids = new int[size];
    deadlines = new long[size];
    for (int at = 0; at < oldHandlers.length; at++) {
      ReplyHandler handler = oldHandlers[at];
      if (handler != null) {
        put(oldMids[at] & (size - 1), oldMids[at], handler, oldDeadlines[at]);
      }
    }
  }
}
