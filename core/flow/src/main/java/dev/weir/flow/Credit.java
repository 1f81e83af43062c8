package dev.weir.flow;

import dev.weir.base.Checks;

/// The receiver's side of a session's credit: how much the sender may have sent in total.
///
///     0 ........ released ........ received ........ limit = released + budget
///                |---- queued ----|---- on its way or unused ----|
///
/// Bytes count when they arrive, whatever becomes of them, and are released when the store has them
/// or when they are dropped. The limit only grows. Once the queue is high, no more is granted until
/// it is low: without that gap a sender at the limit would be woken for every frame.
///
/// Invariants: `released <= received`; the limit never falls; what is queued never exceeds the
/// largest budget so far by more than one frame, as a frame may begin while any credit is left.
///
/// Owned by the thread that owns the stream; allocates nothing.
public final class Credit {
  /// 75 %: above it the store is the bottleneck, and granting more would only fill memory.
  public static final int HIGH_PERCENT = 75;

  /// 50 %: low enough to grant in worthwhile steps, high enough that the store does not run dry
  /// while the grant travels.
  public static final int LOW_PERCENT = 50;

  /// A quarter of the budget: four grants per budget keep a sender moving without a credit message
  /// for every commit.
  private static final int WORTHWHILE_DIVISOR = 4;

  private long budgetBytes;
  private long receivedBytes;
  private long releasedBytes;
  private long limitBytes;

  /// @param budgetBytes what may be queued for the store, 4 bytes or more
  public Credit(long budgetBytes) {
    resize(budgetBytes);
  }

  /// Changes what may be queued, as streams come and go that share it. What was granted stays
  /// granted: a smaller budget only grants nothing until enough is released.
  public void resize(long newBudgetBytes) {
    budgetBytes = Checks.range("budgetBytes", newBudgetBytes, 4, Long.MAX_VALUE / 100);
  }

  /// Counts a frame that arrived.
  ///
  /// @return whether it began within the credit; one that did not is to be dropped and released
  public boolean onReceived(long frameBytes) {
    boolean isWithin = receivedBytes < limitBytes;
    receivedBytes += Checks.range("frameBytes", frameBytes, 0, Integer.MAX_VALUE);
    return isWithin;
  }

  /// Counts bytes that left the queue: stored, or dropped.
  public void onReleased(long bytes) {
    Checks.state(bytes >= 0 && bytes <= queuedBytes(), "more bytes were released than were queued");
    releasedBytes += bytes;
  }

  /// Raises the limit as far as the budget allows.
  ///
  /// @return the limit to tell the sender
  public long grant() {
    limitBytes = Math.max(limitBytes, releasedBytes + budgetBytes);
    return limitBytes;
  }

  /// Whether a grant now would raise the limit by a worthwhile step.
  public boolean isGrantDue() {
    return releasedBytes + budgetBytes - limitBytes >= budgetBytes / WORTHWHILE_DIVISOR;
  }

  /// Whether the queue reached the mark at which granting stops.
  public boolean isHigh() {
    return queuedBytes() >= budgetBytes * HIGH_PERCENT / 100;
  }

  /// Whether the queue fell to the mark at which granting begins again.
  public boolean isLow() {
    return queuedBytes() <= budgetBytes * LOW_PERCENT / 100;
  }

  /// Arrived and neither stored nor dropped.
  public long queuedBytes() {
    return receivedBytes - releasedBytes;
  }

  /// Everything that arrived in this session.
  public long receivedBytes() {
    return receivedBytes;
  }

  /// The last limit granted.
  public long limitBytes() {
    return limitBytes;
  }
}
