package dev.weir.gateway.web.live;

import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.Delivery;
import dev.weir.broker.GapReason;
import dev.weir.broker.Subscriber;
import dev.weir.broker.Subscription;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.broker.Turn;
import dev.weir.gateway.web.http.WebCounters;
import dev.weir.gateway.web.json.CursorTrack;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A subscription of the broker, message by message onto a connection.
///
/// A reader that does not keep up costs what its [Outlet] holds and one delivery of at most [#STEP]
/// messages: the subscription waits for room before it looks for anything, and before each message.
/// It reads on from the log when there is room again.
///
/// Threads: the subscription's own virtual thread, or one that serves it, for everything that is
/// sent; any thread for [#grant] and [#close].
final class Feed implements Subscriber {
  /// Messages that a delivery has at most, so that few are decoded for a reader that stands still.
  static final int STEP = 64;

  /// A quarter of an outlet's room.
  private static final int SMALL_BYTES = 16 << 10;

  private final Outlet outlet;
  private final FeedSink sink;
  private final WebCounters counters;
  private final boolean isOwnCredit;
  private @Nullable CursorTrack track;
  private volatile @Nullable Subscription subscription;
  private volatile boolean isClosed;
  private long delivered;

  /// @param isOwnCredit whether the connection's room is the only limit; else the reader grants
  Feed(Outlet outlet, FeedSink sink, WebCounters counters, boolean isOwnCredit) {
    this.outlet = outlet;
    this.sink = sink;
    this.counters = counters;
    this.isOwnCredit = isOwnCredit;
  }

  @Override
  public String origin() {
    return outlet.origin();
  }

  /// Begins.
  ///
  /// @param credit messages that may come at first
  /// @throws WeirException with OVERLOADED when there are as many as may be
  void open(Broker broker, SubscriptionRequest request, long credit) {
    Subscription opened = broker.subscribe(request, this);
    subscription = opened;
    opened.grant(isOwnCredit ? STEP : credit);
    if (isClosed || outlet.isClosed()) {
      opened.close();
    }
  }

  /// Raises how many messages may come in total.
  void grant(long limit) {
    Subscription open = subscription;
    if (open != null) {
      open.grant(limit);
    }
  }

  void close() {
    isClosed = true;
    Subscription open = subscription;
    if (open != null) {
      open.close();
    }
    outlet.wake();
  }

  /// Behind what was sent; empty before it began.
  @Nullable Cursor cursor() {
    Subscription open = subscription;
    return open == null ? null : open.cursor();
  }

  private boolean isOver() {
    return isClosed;
  }

  @Override
  public void awaitReady() throws InterruptedException {
    outlet.awaitRoom(this::isOver);
    if (outlet.isClosed()) {
      close();
    }
  }

  @Override
  public void opened(Cursor cursor) {
    track = new CursorTrack(cursor);
    sink.opened(cursor);
  }

  private CursorTrack track() {
    CursorTrack known = track;
    if (known == null) {
      throw new IllegalStateException("nothing comes before the opening");
    }
    return known;
  }

  /// A delivery as small as this is written as a whole, also where it takes more than the room.
  @Override
  public boolean isReadyFor(int bytes) {
    return bytes <= SMALL_BYTES && hasRoom();
  }

  private boolean hasRoom() {
    return !isClosed && outlet.hasRoom();
  }

  @Override
  public void deliver(Delivery delivery) throws InterruptedException {
    deliver(delivery, () -> {});
  }

  @Override
  public void deliver(Delivery delivery, Turn turn) throws InterruptedException {
    deliver(delivery, turn::end);
  }

  /// @param turnEnd idempotent
  private void deliver(Delivery delivery, Runnable turnEnd) throws InterruptedException {
    List<Message> messages = delivery.messages();
    boolean isSmall = delivery.batch().rawLength() <= SMALL_BYTES;
    String stream = delivery.base().stream();
    int partition = delivery.base().partition();
    for (int i = 0; i < messages.size(); i++) {
      if (!hasRoom() && !isSmall) {
        turnEnd.run(); // Others go on while this reader is waited for.
        outlet.awaitRoom(this::isOver);
      }
      if (isClosed || outlet.isClosed()) {
        turnEnd.run();
        close();
        return;
      }
      long offset = delivery.offset(i);
      boolean isLast = i == messages.size() - 1;
      long next = isLast ? delivery.nextOffset() : offset + 1;
      sink.message(
          messages.get(i),
          new Position(stream, partition, offset),
          delivery.storedMicros(),
          delivery.isRetained() ? track().cursor() : track().moveTo(stream, partition, next));
      counters.delivered(1);
    }
    outlet.whenSent(turnEnd);
    delivered += messages.size();
    if (isOwnCredit) {
      grant(delivered + STEP);
    }
  }

  @Override
  public void gap(Position from, long toOffset, GapReason reason) {
    sink.gap(from, toOffset, reason, track().moveTo(from.stream(), from.partition(), toOffset));
  }

  @Override
  public void retainedEnd() {
    sink.retainedEnd(track().cursor());
  }

  @Override
  public void endReached(Cursor cursor) {
    sink.ended(cursor);
  }

  @Override
  public void failed(WeirException cause) {
    if (!isClosed) {
      sink.failed(cause);
    }
  }
}
