package dev.weir.gateway.web.live;

import dev.weir.base.WeirException;
import dev.weir.broker.GapReason;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;

/// A subscription of a socket, by the name that its client gave it.
final class Attachment implements FeedSink {
  private final String id;
  private final SocketWriter writer;
  private final Runnable onEnd;

  /// @param onEnd called once, when it ended by itself
  Attachment(String id, SocketWriter writer, Runnable onEnd) {
    this.id = id;
    this.writer = writer;
    this.onEnd = onEnd;
  }

  @Override
  public void opened(Cursor cursor) {
    writer.send(writer.words().attached(id, cursor));
  }

  @Override
  public void message(Message message, Position position, long storedMicros, Cursor cursor) {
    writer.send(writer.words().message(id, message, position, storedMicros, cursor));
  }

  @Override
  public void gap(Position from, long toOffset, GapReason reason, Cursor cursor) {
    writer.send(writer.words().gap(id, from, toOffset, reason, cursor));
  }

  @Override
  public void retainedEnd(Cursor cursor) {
    writer.send(writer.words().retainedEnd(id, cursor));
  }

  @Override
  public void ended(Cursor cursor) {
    onEnd.run();
    writer.send(writer.words().end(id, cursor));
  }

  @Override
  public void failed(WeirException cause) {
    onEnd.run();
    writer.send(writer.words().error(id, "", cause));
  }
}
