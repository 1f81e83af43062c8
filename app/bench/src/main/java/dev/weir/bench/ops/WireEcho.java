package dev.weir.bench.ops;

import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import java.util.Optional;

/// Answers each call with what it brought. On the connections' loops.
final class WireEcho implements ConnectionHandler, StreamHandler {
  /// Up to here a copy is cheaper than keeping the receive buffer alive.
  static final int COPY_BYTES = 4096;

  @Override
  public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
    return Optional.of(this);
  }

  @Override
  public void onMessage(WireStream stream, MessageView message) {
    if (message.bodyBytes() <= COPY_BYTES) {
      stream.reply(message.mid(), message.buffer(), message.bodyIndex(), message.bodyBytes());
    } else {
      var _ = stream.reply(message.mid(), message.retainedBody());
    }
  }

  @Override
  public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
}
