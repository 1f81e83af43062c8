package dev.weir.flow;

import dev.weir.base.Checks;

/// What a receiver knows of one lane within a session, and its word on each sequence that arrives.
///
///     1 ........ durable ........ last | last + 1 ........
///     |-- stored --|-- queued --------|-- next to take --|
///
/// A sequence is taken only right behind the last one, so each is stored once and in order. After a
/// frame was refused the ones behind it are already on their way: they are void, without a nack for
/// each, until the refused one comes again.
///
/// Each nack answers one arrival, or one drop, of the sequence it names. So the next arrival of
/// that sequence is always the one sent again, and both sides agree on what is in flight.
///
/// Owned by the thread that owns the stream; allocates nothing.
public final class LaneDedup {
  /// What to do with a sequence.
  public enum Decision {
    /// The next one: check it, then [#accept] or [#refuse] it.
    ACCEPT,
    /// Taken before: drop it and repeat the ack.
    DUPLICATE,
    /// Something before it never came: nack `last + 1` and [#refuse].
    GAP,
    /// Behind a refused one: drop it silently.
    VOID
  }

  private long durable;
  private long last;
  private boolean isAwaiting;

  /// @param durable the highest sequence stored by earlier sessions, 0 for none
  public LaneDedup(long durable) {
    this.durable = Checks.range("durable", durable, 0, Long.MAX_VALUE - 1);
    this.last = durable;
  }

  /// The rule alone, without the memory of refusals.
  public static Decision decide(long last, long sequence) {
    if (sequence <= last) {
      return Decision.DUPLICATE;
    }
    return sequence == last + 1 ? Decision.ACCEPT : Decision.GAP;
  }

  /// What to do with a sequence that arrived; changes nothing.
  public Decision decide(long sequence) {
    Decision decision = decide(last, sequence);
    return decision == Decision.GAP && isAwaiting ? Decision.VOID : decision;
  }

  /// The next sequence was queued for the store.
  ///
  /// @return the sequence
  public long accept() {
    isAwaiting = false;
    last++;
    return last;
  }

  /// The lane was nacked at [#expected]; everything behind it is void until that comes again.
  public void refuse() {
    isAwaiting = true;
  }

  /// The store made everything up to a sequence durable.
  ///
  /// @return whether that is news, worth an ack
  public boolean onCommitted(long upTo) {
    Checks.state(upTo <= last, "more was committed than was taken");
    if (upTo <= durable) {
      return false;
    }
    durable = upTo;
    return true;
  }

  /// The store failed: what is queued will not be stored.
  ///
  /// @return whether something was dropped, and the lane is to be nacked at [#expected]. If nothing
  ///   was, a nack would be wrong: the expected frame may be on its way, unaware of it, and would
  ///   then be taken for the one sent again
  public boolean dropQueued() {
    if (isSettled()) {
      return false;
    }
    last = durable;
    isAwaiting = true;
    return true;
  }

  /// The sequence to be taken next, and the one that a nack names.
  public long expected() {
    return last + 1;
  }

  /// The highest sequence taken.
  public long last() {
    return last;
  }

  /// The highest sequence that is durable.
  public long durable() {
    return durable;
  }

  /// Whether everything taken is durable.
  public boolean isSettled() {
    return durable == last;
  }
}
