package dev.weir.broker;

/// A subscription's figures at one moment.
///
/// @param id from 1, in the order of opening
/// @param filters as the subscriber wrote them, separated by spaces
/// @param state what it does
/// @param deliveredMessages since it opened
/// @param creditLeft messages that it may still get
/// @param behindMessages stored messages of any topic behind its position
/// @param gaps told so far
/// @param expiredMessages passed over because their time to live had ended
/// @param origin where its client is, `HOST:PORT`, or `queue NAME`; empty when that is not known
public record SubscriptionStats(
    long id,
    String filters,
    State state,
    long deliveredMessages,
    long creditLeft,
    long behindMessages,
    long gaps,
    long expiredMessages,
    String origin) {
  /// What a subscription does.
  public enum State {
    /// Reads what is already stored.
    READING,
    /// Has everything; waits for the next match.
    LIVE,
    /// Waits for credit.
    WAITING_FOR_CREDIT,
    /// Waits until its transport takes more.
    WAITING_FOR_TRANSPORT,
    ENDED
  }
}
