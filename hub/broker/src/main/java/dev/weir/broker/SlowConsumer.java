package dev.weir.broker;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.List;

/// Applies one subscription's [SlowPolicy]. But for CONFLATE it begins once the subscription has
/// had everything for the first time: whoever asks for history is not slow for that.
///
/// Threads: the subscription's own; [#behind] is the tail's.
final class SlowConsumer {
  private final LocalSubscription subscription;
  private final SubscriptionRequest request;
  private final LocalSubscription.Context context;
  private volatile boolean hasCaughtUp;
  private volatile boolean isHolding;

  SlowConsumer(
      LocalSubscription subscription,
      SubscriptionRequest request,
      LocalSubscription.Context context) {
    this.subscription = subscription;
    this.request = request;
    this.context = context;
  }

  private SlowPolicy policy() {
    return request.slow();
  }

  /// The subscription has had everything.
  void caughtUp() {
    hasCaughtUp = true;
    release();
  }

  /// The tail's thread: something that matches was committed so far in front of it.
  void behind(long messages) {
    if (!hasCaughtUp || messages <= policy().maxBehind()) {
      return;
    }
    switch (policy().action()) {
      case DISCONNECT -> {
        hasCaughtUp = false;
        context.slow().disconnected().incrementAndGet();
        subscription.close(
            new WeirException(
                ErrorCode.SLOW_CONSUMER,
                "The subscription is "
                    + messages
                    + " messages behind, its policy allows "
                    + policy().maxBehind()
                    + "."));
      }
      case BLOCK -> {
        if (!isHolding) {
          isHolding = true;
          context.gate().shut(subscription, request.filters(), policy().maxHold().toNanos());
        }
      }
      case SPILL, CONFLATE, DROP_OLDEST -> {} // Done by the subscription's thread, if at all.
    }
  }

  /// Something was delivered.
  void progressed(PartitionReading reading) {
    if (isHolding && behind(reading) <= policy().maxBehind() / 2) {
      release();
    }
  }

  /// Lets publishers go.
  void release() {
    if (isHolding) {
      isHolding = false;
      context.gate().open(subscription);
    }
  }

  private long behind(PartitionReading reading) {
    return context.tail().endOffset(reading.partition()) - reading.position();
  }

  boolean isConflating(PartitionReading reading) {
    return policy().action() == SlowPolicy.Action.CONFLATE
        && behind(reading) > policy().maxBehind();
  }

  /// Passes over the oldest where the policy says so.
  ///
  /// @return whether a reading was moved
  boolean dropOldest(List<PartitionReading> readings) throws InterruptedException {
    if (policy().action() != SlowPolicy.Action.DROP_OLDEST || !hasCaughtUp) {
      return false;
    }
    boolean isMoved = false;
    for (PartitionReading reading : readings) {
      long from = reading.position();
      long to = context.tail().endOffset(reading.partition()) - policy().maxBehind();
      if (to > from) {
        context.slow().droppedMessages().addAndGet(to - from);
        reading.moveTo(to);
        subscription.gap(new StoredGap(reading.partition(), from, to, GapReason.DROPPED));
        isMoved = true;
      }
    }
    return isMoved;
  }
}
