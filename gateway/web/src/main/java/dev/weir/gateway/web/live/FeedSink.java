package dev.weir.gateway.web.live;

import dev.weir.base.WeirException;
import dev.weir.broker.GapReason;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;

/// Writes what a subscription brings in the words of one protocol. Called by the subscription's
/// thread; nothing here waits.
interface FeedSink {
  void opened(Cursor cursor);

  /// @param cursor behind the message
  void message(Message message, Position position, long storedMicros, Cursor cursor);

  /// @param cursor behind the gap
  void gap(Position from, long toOffset, GapReason reason, Cursor cursor);

  /// Everything that was retained before the start has come.
  ///
  /// @param cursor where the subscription begins
  void retainedEnd(Cursor cursor);

  void ended(Cursor cursor);

  void failed(WeirException cause);
}
