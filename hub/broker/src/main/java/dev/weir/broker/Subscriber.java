package dev.weir.broker;

import dev.weir.base.WeirException;
import dev.weir.message.Cursor;
import dev.weir.message.Position;

/// Receives a subscription. Calls come one at a time, from the subscription's own virtual thread
/// or, as long as [#isReadyFor] says that it does not block, from one that serves many; each of the
/// former may block, which stops this subscription and nothing else. What it throws ends the
/// subscription. `endReached` and `failed` are the last call.
public interface Subscriber {
  /// Where its client is, `HOST:PORT`, for who asks why; empty when that is not known.
  default String origin() {
    return "";
  }

  /// Whether it is no client's but the core's own.
  default boolean isInternal() {
    return false;
  }

  /// Blocks until a delivery could be passed on, so that a subscription whose consumer has stopped
  /// holds no message in memory. Must return when the subscription is closed.
  default void awaitReady() throws InterruptedException {}

  /// Whether it is sure that neither [#awaitReady] nor a delivery of so many bytes blocks now. Then
  /// it is delivered without waiting, and not by a thread of its own while it keeps up.
  ///
  /// @param bytes of the delivery, decoded; 0 asks for [#awaitReady] alone
  default boolean isReadyFor(int bytes) {
    return false;
  }

  /// The first call: where it begins.
  void opened(Cursor cursor);

  /// Messages, at most as many as the credit allows.
  void deliver(Delivery delivery) throws InterruptedException;

  /// As [#deliver(Delivery)], while a crowd of other subscriptions waits for the turn to end. Who
  /// does not block ends it once what was delivered has left the core's own threads, so that these
  /// are never handed more than a few at a time, and one subscription of another topic does not
  /// come behind ten thousand of this one. Whoever overrides it ends the turn in any case, at the
  /// latest before it blocks.
  default void deliver(Delivery delivery, Turn turn) throws InterruptedException {
    turn.end(); // It may block.
    deliver(delivery);
  }

  /// The messages from a position up to an offset (exclusive) of the same partition existed and
  /// cannot be delivered any more. Takes no credit.
  void gap(Position from, long toOffset, GapReason reason) throws InterruptedException;

  /// Everything that was retained when the subscription began is delivered; only told to one that
  /// asked for it. Takes no credit.
  default void retainedEnd() throws InterruptedException {}

  /// Everything that was stored when the subscription began is delivered.
  void endReached(Cursor cursor);

  /// The subscription ended.
  void failed(WeirException cause);
}
