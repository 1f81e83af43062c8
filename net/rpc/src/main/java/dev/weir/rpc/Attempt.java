package dev.weir.rpc;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;

/// One way of making a client's call over one connection: on a stream of its own ([StreamAttempt]),
/// or as one of many calls on a stream ([SharedAttempt]).
interface Attempt {
  /// The connection to use is known. Any thread.
  void start(Session session);

  /// Takes the body over.
  void send(ByteBuf body);

  void halfClose();

  /// The peer needs not go on. Any thread.
  void cancel(Status status);

  boolean isReady();

  /// The listener was handed a message that cost so much credit.
  void consumed(long bytes);
}
