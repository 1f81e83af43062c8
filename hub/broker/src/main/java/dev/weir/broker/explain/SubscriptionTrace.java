package dev.weir.broker.explain;

import dev.weir.broker.GapReason;
import dev.weir.broker.SubscriptionStats;
import java.util.Optional;

/// What a subscription made of a message that its filters match.
///
/// @param relation how it stands to it
/// @param gap why it will not get it, when that was told to it
public record SubscriptionTrace(
    SubscriptionStats stats, Relation relation, Optional<GapReason> gap) {
  /// How a subscription stands to a message.
  public enum Relation {
    /// It looks for where it begins.
    OPENING,
    /// It began behind the message.
    BEGAN_LATER,
    /// It was told of a gap that the message is in.
    GAP,
    /// It has passed it: delivered, or left out because it had expired by then.
    PASSED,
    /// It has not come to it yet: its state says what it waits for.
    BEHIND
  }
}
