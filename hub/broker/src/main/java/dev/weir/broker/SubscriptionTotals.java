package dev.weir.broker;

import java.util.concurrent.atomic.AtomicLong;

/// What all subscriptions of a broker count together. Any thread.
record SubscriptionTotals(
    AtomicLong deliveredMessages, AtomicLong gaps, AtomicLong failedSubscribers) {
  SubscriptionTotals() {
    this(new AtomicLong(), new AtomicLong(), new AtomicLong());
  }
}
