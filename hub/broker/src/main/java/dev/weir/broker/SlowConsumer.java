package dev.weir.broker;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Applies one subscription's [SlowPolicy]. But for CONFLATE it begins once the subscription has
/// had everything for the first time: whoever asks for history is not slow for that.
///
/// Threads: the subscription's own; [#committed] is the tail's.
final class SlowConsumer {
  private final LocalSubscription subscription;
  private final SubscriptionRequest request;
  private final SubscriptionContext context;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean hasCaughtUp;

  /// Written under the lock.
  private volatile boolean isHolding;

  /// Both guarded by the lock.
  private PublishGate.@Nullable Hold hold;

  private boolean hasEnded;

  SlowConsumer(
      LocalSubscription subscription, SubscriptionRequest request, SubscriptionContext context) {
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
    if (isHolding) {
      release();
    }
  }

  /// The tail's thread: something that matches was committed at an offset.
  void committed(PartitionReading reading, long offset) {
    if (!hasCaughtUp || offset - reading.position() <= policy().maxBehind()) {
      return;
    }
    switch (policy().action()) {
      case DISCONNECT -> disconnect(offset - reading.position());
      case BLOCK -> hold(reading, offset);
      case SPILL, CONFLATE, DROP_OLDEST -> {} // Done by the subscription's thread, if at all.
    }
  }

  private void disconnect(long messages) {
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

  /// Looks once more after it said that it holds: the subscription moves first and asks then.
  private void hold(PartitionReading reading, long offset) {
    lock.lock();
    try {
      if (isHolding || hasEnded) {
        return;
      }
      isHolding = true;
      if (offset - reading.position() <= policy().maxBehind()) {
        isHolding = false;
        return;
      }
      hold =
          context.gate().shut(subscription.id(), request.filters(), policy().maxHold().toNanos());
    } finally {
      lock.unlock();
    }
  }

  /// Something was delivered.
  void progressed(PartitionReading reading) {
    if (isHolding && behind(reading) <= policy().maxBehind() / 2) {
      release();
    }
  }

  /// Lets publishers go, for good: a commit that the tail tells of from here on holds nobody.
  void end() {
    lock.lock();
    try {
      hasEnded = true;
    } finally {
      lock.unlock();
    }
    release();
  }

  private void release() {
    PublishGate.Hold released;
    lock.lock();
    try {
      released = hold;
      hold = null;
      isHolding = false;
    } finally {
      lock.unlock();
    }
    if (released != null) {
      context.gate().open(released);
    }
  }

  private long behind(PartitionReading reading) {
    return context.tail().endOffset(reading.partition()) - reading.position();
  }

  boolean isConflating(PartitionReading reading) {
    return policy().action() == SlowPolicy.Action.CONFLATE
        && behind(reading) > policy().maxBehind();
  }

  /// Whether something is to be passed over now.
  boolean isPassingOver(PartitionReading reading) {
    return switch (policy().action()) {
      case CONFLATE, DROP_OLDEST -> behind(reading) > policy().maxBehind();
      case SPILL, BLOCK, DISCONNECT -> false;
    };
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
