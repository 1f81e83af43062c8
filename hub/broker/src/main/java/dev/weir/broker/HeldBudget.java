package dev.weir.broker;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes that all waiting subscriptions together may keep decoded. Any thread.
final class HeldBudget {
  private final AtomicLong left;

  HeldBudget(long bytes) {
    this.left = new AtomicLong(bytes);
  }

  /// @return false when the budget is used up
  boolean tryHold(long bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  void release(long bytes) {
    left.addAndGet(bytes);
  }
}
