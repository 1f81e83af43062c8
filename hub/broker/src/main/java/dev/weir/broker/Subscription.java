package dev.weir.broker;

import dev.weir.message.Cursor;

/// An open subscription; any thread may call any method.
public interface Subscription extends AutoCloseable {
  /// Raises the number of messages that may have been delivered in total; a lower one than before
  /// is ignored. A subscription begins without any.
  void grant(long limitMessages);

  /// Behind the last delivery.
  Cursor cursor();

  SubscriptionStats stats();

  /// Ends it; the subscriber is not called again, but for a call that is running. Idempotent, does
  /// not wait.
  @Override
  void close();
}
