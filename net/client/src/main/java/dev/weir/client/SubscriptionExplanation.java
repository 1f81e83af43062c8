package dev.weir.client;

/// A subscription at one moment.
///
/// @param id of this core, until it ends
/// @param origin where its client is; empty when that is not known
/// @param filters separated by blanks
/// @param state `reading`, `live`, `waiting-for-credit`, `waiting-for-transport` or `ended`
/// @param relation to the message that was asked for: `opening`, `began-later`, `gap`, `passed` or
///   `behind`; empty where none was
/// @param gap why it was told that the message is missing; empty when it was not
/// @param delivered messages since it opened
/// @param creditLeft messages that it may still get
/// @param behind stored messages of any topic behind its position
/// @param gaps told so far
/// @param expired messages that it passed over because their time to live had ended
public record SubscriptionExplanation(
    long id,
    String origin,
    String filters,
    String state,
    String relation,
    String gap,
    long delivered,
    long creditLeft,
    long behind,
    long gaps,
    long expired) {}
