package dev.weir.broker;

import java.util.concurrent.atomic.AtomicLong;

/// What one subscription has been delivered, told and spared; counted for all of them together as
/// well. Written by its thread, read by any.
final class SubscriptionCounts {
  private final SubscriptionTotals totals;
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong gaps = new AtomicLong();
  private final AtomicLong expired = new AtomicLong();

  SubscriptionCounts(SubscriptionTotals totals) {
    this.totals = totals;
  }

  void delivered(int messages) {
    delivered.addAndGet(messages);
    totals.deliveredMessages().addAndGet(messages);
  }

  void gap() {
    gaps.incrementAndGet();
    totals.gaps().incrementAndGet();
  }

  void expired(int messages) {
    expired.addAndGet(messages);
  }

  long delivered() {
    return delivered.get();
  }

  /// @param limit messages that may be delivered in total
  SubscriptionStats stats(
      long id,
      String filters,
      SubscriptionStats.State state,
      long limit,
      long behind,
      String origin) {
    long sent = delivered.get();
    return new SubscriptionStats(
        id,
        filters,
        state,
        sent,
        Math.max(0, limit - sent),
        behind,
        gaps.get(),
        expired.get(),
        origin);
  }
}
