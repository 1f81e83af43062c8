package dev.weir.broker;

import dev.weir.base.WeirException;
import dev.weir.message.Batch;
import dev.weir.message.BatchHeader;
import dev.weir.message.TopicFilter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// Holds publishers back while a subscription that asked for it is too far behind.
///
/// A log that keeps everything needs no publisher to wait; this is for those who would rather have
/// the publisher wait than the subscriber late. Nobody waits for ever: a subscription that has not
/// caught up within its time holds nobody any more, until it has caught up by itself. Any thread.
final class PublishGate {
  /// What one subscription holds back: compared by identity.
  static final class Hold {
    private final long subscription;
    private final List<TopicFilter> filters;

    /// @param subscription whose it is
    /// @param filters publishers to these topics
    private Hold(long subscription, List<TopicFilter> filters) {
      this.subscription = subscription;
      this.filters = filters;
    }
  }

  private final CopyOnWriteArrayList<Hold> holds = new CopyOnWriteArrayList<>();
  private final SlowTotals totals;
  private final Runnable onOpen;

  /// @param onOpen tells publishers to try again; called by whoever lets them go
  PublishGate(SlowTotals totals, Runnable onOpen) {
    this.totals = totals;
    this.onOpen = onOpen;
  }

  /// Whether a batch has to wait.
  boolean isShutFor(Batch batch) {
    if (holds.isEmpty()) {
      return false;
    }
    List<String> topics;
    try {
      topics = BatchHeader.decode(batch.header()).topics();
    } catch (WeirException _) {
      return false; // It is refused for that.
    }
    for (Hold hold : holds) {
      for (String topic : topics) {
        if (SharedBatch.matches(hold.filters, topic)) {
          totals.heldOffers().incrementAndGet();
          return true;
        }
      }
    }
    return false;
  }

  /// A subscription is too far behind.
  ///
  /// @param subscription its number
  /// @return to be opened by the subscription, which opens by itself after its time
  Hold shut(long subscription, List<TopicFilter> filters, long maxHoldNanos) {
    Hold hold = new Hold(subscription, filters);
    holds.add(hold);
    CompletableFuture.delayedExecutor(maxHoldNanos, TimeUnit.NANOSECONDS)
        .execute(() -> {
          if (tryOpen(hold)) {
            totals.holdsGivenUp().incrementAndGet();
          }
        });
    return hold;
  }

  /// The numbers of the subscriptions that hold back publishers to a topic.
  List<Long> blockers(String topic) {
    return holds.stream()
        .filter(hold -> SharedBatch.matches(hold.filters, topic))
        .map(hold -> hold.subscription)
        .toList();
  }

  /// The subscription has caught up, or ended. Without effect on a hold that is open already.
  void open(Hold hold) {
    tryOpen(hold);
  }

  private boolean tryOpen(Hold hold) {
    boolean isOpened = holds.remove(hold);
    if (isOpened) {
      onOpen.run();
    }
    return isOpened;
  }
}
