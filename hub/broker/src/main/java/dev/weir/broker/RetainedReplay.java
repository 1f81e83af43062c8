package dev.weir.broker;

import dev.weir.message.Cursor;
import dev.weir.message.Position;
import dev.weir.message.Retain;
import java.io.IOException;

/// What a subscription gets before its start: the retained messages that stand before it. Those at
/// or behind the start come in their place, as part of the stream; a topic whose message changes
/// meanwhile therefore comes once, with the newest.
///
/// A page at a time, so that a million topics take no memory. Runs on the subscription's thread.
final class RetainedReplay {
  private static final int PAGE = 256;

  /// Takes a delivery once its consumer does.
  interface Outlet {
    /// @return false when nobody takes anything any more
    boolean pass(Delivery delivery) throws InterruptedException;
  }

  private final SubscriptionContext context;
  private final SubscriptionRequest request;
  private final Outlet outlet;

  RetainedReplay(SubscriptionContext context, SubscriptionRequest request, Outlet outlet) {
    this.context = context;
    this.request = request;
    this.outlet = outlet;
  }

  /// @param start where the subscription begins in each partition
  void run(Cursor start) throws IOException, InterruptedException {
    String after = "";
    do {
      RetainedPage page = context.retained().page(request.filters(), after, PAGE);
      for (RetainedMessage kept : page.messages()) {
        long first = offset(start, kept.position().partition());
        if (kept.position().offset() < first && !outlet.pass(delivery(kept, first))) {
          return;
        }
      }
      after = page.after();
    } while (!after.isEmpty());
  }

  private static long offset(Cursor start, int partition) {
    for (Position position : start.positions()) {
      if (position.partition() == partition) {
        return position.offset();
      }
    }
    return 0;
  }

  private static Delivery delivery(RetainedMessage kept, long next) {
    return new Delivery(
        kept.position(),
        Offsets.contiguous(1),
        kept.storedMicros(),
        PublishRequest.of(Retain.replayed(kept.message()), kept.storedMicros()).batch(),
        next,
        true);
  }
}
