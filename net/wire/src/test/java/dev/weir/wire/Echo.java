package dev.weir.wire;

import java.util.Optional;

/// Answers each call with what it brought.
public final class Echo implements ConnectionHandler, StreamHandler {
  @Override
  public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
    return Optional.of(this);
  }

  @Override
  public void onMessage(WireStream stream, MessageView message) {
    if (message.bodyBytes() <= FrameWriter.COPY_BYTES) {
      stream.reply(message.mid(), message.buffer(), message.bodyIndex(), message.bodyBytes());
    } else {
      stream.reply(message.mid(), message.retainedBody());
    }
  }

  @Override
  public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
}
