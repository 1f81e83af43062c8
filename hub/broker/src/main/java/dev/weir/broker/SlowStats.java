package dev.weir.broker;

/// What became of messages and publishers because consumers were slow, since the broker was opened.
///
/// @param droppedMessages passed over by DROP_OLDEST: stored messages of any topic
/// @param conflatedMessages not delivered because a newer one of their topic and key was
/// @param disconnected subscriptions ended by DISCONNECT
/// @param heldOffers offers that had to wait for a subscription with BLOCK
/// @param holdsGivenUp times that such a subscription did not catch up in its time
public record SlowStats(
    long droppedMessages,
    long conflatedMessages,
    long disconnected,
    long heldOffers,
    long holdsGivenUp) {}
