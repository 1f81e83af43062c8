package dev.weir.router;

import java.util.function.IntConsumer;

/// The calls of one client stream that wait for an answer, by mid: to which link each went, and how
/// far it is. Open addressing with linear probing, removal by shifting back, no object per call.
///
/// Owned by the event loop; allocates only to grow.
final class CallTable {
  /// The call's first frame went out: its node may have done it.
  static final int SENT = 1;

  /// A part of the answer was passed back.
  static final int REPLYING = 2;

  static final long NEVER = Long.MAX_VALUE;

  private static final int FLAG_BITS = 2;
  private static final int FIRST_PLACES = 16;

  /// Calls given up in one sweep.
  private static final int MAX_OVERDUE = 4096;

  private int[] mids = new int[FIRST_PLACES];
  private int[] infos = new int[FIRST_PLACES];
  private long[] deadlines = new long[FIRST_PLACES];
  private int count;
  private int withDeadline;

  int count() {
    return count;
  }

  boolean hasDeadlines() {
    return withDeadline > 0;
  }

  private int home(int mid) {
    return (mid * 0x9e3779b9) >>> (Integer.numberOfLeadingZeros(mids.length) + 1);
  }

  private int placeOf(int mid) {
    int mask = mids.length - 1;
    int at = home(mid);
    while (mids[at] != 0 && mids[at] != mid) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /// @param mid not 0
  /// @return false when it is there already
  boolean add(int mid, int link, long deadlineNanos) {
    if (count * 2 >= mids.length) {
      grow();
    }
    int at = placeOf(mid);
    if (mids[at] == mid) {
      return false;
    }
    mids[at] = mid;
    infos[at] = link << FLAG_BITS;
    deadlines[at] = deadlineNanos;
    count++;
    withDeadline += deadlineNanos == NEVER ? 0 : 1;
    return true;
  }

  /// The link of a call; -1 when nobody waits for it.
  int linkOf(int mid) {
    int at = placeOf(mid);
    return mids[at] == mid && mid != 0 ? infos[at] >>> FLAG_BITS : -1;
  }

  boolean is(int mid, int flag) {
    int at = placeOf(mid);
    return mids[at] == mid && (infos[at] & flag) != 0;
  }

  void set(int mid, int flag) {
    int at = placeOf(mid);
    if (mids[at] == mid) {
      infos[at] |= flag;
    }
  }

  void remove(int mid) {
    int hole = placeOf(mid);
    if (mids[hole] != mid || mid == 0) {
      return;
    }
    count--;
    withDeadline -= deadlines[hole] == NEVER ? 0 : 1;
    int mask = mids.length - 1;
    for (int at = (hole + 1) & mask; mids[at] != 0; at = (at + 1) & mask) {
      boolean mayMove = ((at - home(mids[at])) & mask) >= ((at - hole) & mask);
      if (mayMove) {
        put(hole, mids[at], infos[at], deadlines[at]);
        hole = at;
      }
    }
    mids[hole] = 0;
  }

  private void put(int at, int mid, int info, long deadlineNanos) {
    mids[at] = mid;
    infos[at] = info;
    deadlines[at] = deadlineNanos;
  }

  /// Every call of a link, which may be removed meanwhile.
  void forEachOf(int link, IntConsumer action) {
    int[] found = new int[count];
    int n = 0;
    for (int at = 0; at < mids.length; at++) {
      if (mids[at] != 0 && infos[at] >>> FLAG_BITS == link) {
        found[n++] = mids[at];
      }
    }
    for (int i = 0; i < n; i++) {
      action.accept(found[i]);
    }
  }

  /// Every call whose time is over, which may be removed meanwhile.
  void forEachOverdue(long nowNanos, IntConsumer action) {
    int[] found = new int[Math.min(count, MAX_OVERDUE)];
    int n = 0;
    for (int at = 0; at < mids.length && n < found.length; at++) {
      if (mids[at] != 0 && deadlines[at] != NEVER && deadlines[at] - nowNanos <= 0) {
        found[n++] = mids[at];
      }
    }
    for (int i = 0; i < n; i++) {
      action.accept(found[i]);
    }
  }

  private void grow() {
    int[] oldMids = mids;
    int[] oldInfos = infos;
    long[] oldDeadlines = deadlines;
    int places = oldMids.length * 2;
    mids = new int[places];
    infos = new int[places];
    deadlines = new long[places];
    for (int i = 0; i < oldMids.length; i++) {
      if (oldMids[i] != 0) {
        put(placeOf(oldMids[i]), oldMids[i], oldInfos[i], oldDeadlines[i]);
      }
    }
  }
}
