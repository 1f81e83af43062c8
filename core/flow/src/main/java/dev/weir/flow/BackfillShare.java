package dev.weir.flow;

import dev.weir.base.Checks;

/// Whose turn it is when both the present and the past have a frame to send: the present goes
/// first, and the past gets its share of the bytes.
///
/// Problem: after an outage new data must not wait behind the backlog, and a present that fills the
/// path must not starve the backlog either. Idea: deficit round robin with two classes (Shreedhar
/// and Varghese, 1995). Every byte of the present earns the past `percent / (100 - percent)` bytes;
/// while it has some left it goes first, the last frame on credit. What the past sends while the
/// present is silent costs nothing.
///
/// Invariants: over any time in which both wait, the past's part of the bytes is its share, but for
/// one frame; nothing is earned while nothing waits, so that neither side can save up a burst.
///
/// Owned by the thread that owns the link; allocates nothing.
public final class BackfillShare {
  /// 20 %: a backlog drains within five times its own transfer time at the worst, and fresh data
  /// keep four fifths of a path that they fill.
  public static final int DEFAULT_PERCENT = 20;

  public static final int MIN_PERCENT = 1;
  public static final int MAX_PERCENT = 90;

  private final int percent;

  /// What the past may send first, in bytes times `100 - percent`.
  private long earned;

  /// @param percent of the bytes for the past while both wait, 1 to 90
  public BackfillShare(int percent) {
    this.percent = Checks.range("backfill share percent", percent, MIN_PERCENT, MAX_PERCENT);
  }

  public int percent() {
    return percent;
  }

  /// Whether the past goes first; asked while both wait.
  public boolean isBackfillTurn() {
    return earned > 0;
  }

  /// A frame of the present went out while the past had one waiting, too.
  public void onFreshSent(long bytes) {
    earned += Checks.range("bytes", bytes, 1, Integer.MAX_VALUE) * percent;
  }

  /// A frame of the past went out while the present had one waiting, too.
  public void onBackfillSent(long bytes) {
    earned -= Checks.range("bytes", bytes, 1, Integer.MAX_VALUE) * (100 - percent);
  }

  /// Only one of them has something to send: what was earned or owed is forgotten.
  public void onUncontended() {
    earned = 0;
  }
}
