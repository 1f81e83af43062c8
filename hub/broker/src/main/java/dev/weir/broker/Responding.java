package dev.weir.broker;

import dev.weir.message.Message;

/// Somebody who answers requests; any thread may call any method.
public interface Responding extends AutoCloseable {
  /// Changes how many requests may be in hand, 0 or more; what is in hand stays.
  void capacity(int requests);

  /// Requests in hand now.
  int inHand();

  /// Replies to a request in hand.
  ///
  /// @return false when nobody waits for it any more: its time is over, or its asker is gone
  /// @throws dev.weir.base.WeirException with TOO_LARGE: the request stays in hand
  boolean reply(long number, Message reply);

  /// Says of a request in hand that it cannot be dealt with; its asker is told REQUEST_FAILED.
  ///
  /// @param detail for people, cut at 1,000 characters
  /// @return false when nobody waits for it any more
  boolean fail(long number, String detail);

  /// Leaves: who waits for what is in hand is told RESPONDER_LOST. Idempotent.
  @Override
  void close();
}
