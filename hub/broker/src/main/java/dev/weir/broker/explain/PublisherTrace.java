package dev.weir.broker.explain;

import java.util.List;

/// A stream that a client publishes on, at one moment.
///
/// @param door `grpc`, `websocket` or `link`
/// @param topic of what it published last; empty where that is not known
/// @param unanswered messages without a receipt
/// @param bytes of their bodies
/// @param state what it waits for
/// @param blockers the numbers of the subscriptions that hold back publishers to this topic
public record PublisherTrace(
    String door, String topic, int unanswered, long bytes, State state, List<Long> blockers) {
  public PublisherTrace {
    blockers = List.copyOf(blockers);
  }

  /// What a publisher waits for.
  public enum State {
    /// It has its receipts; of a link, its acks.
    IDLE,
    /// The log commits what it sent.
    COMMITTING,
    /// It is not read: it has as much under way as it may, or the log has no room for more.
    FULL,
    /// Subscriptions that are too far behind hold it back.
    HELD_BACK,
    /// Its client does not read its receipts, and is not read until it does.
    CLIENT_DOES_NOT_READ
  }
}
