package dev.weir.rpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;

/// Where a server's call says what it has to say: on a stream of its own ([StreamAnswer]), or as
/// one of many calls on a stream ([SharedAnswer]). Any thread, in the order of one call.
interface Answer {
  void headers(Metadata headers);

  /// Takes the body over.
  void send(ByteBuf body);

  /// The call's last word.
  void finish(Status status, Metadata trailers);

  /// Gives the call up.
  void abort(Status status);

  /// The call was given up by the other end: what waits is dropped.
  default void abandon() {}

  boolean isReady();

  /// The listener was handed a message that cost so much credit.
  void consumed(long bytes);
}
