package dev.weir.link;

import dev.weir.base.WeirException;
import dev.weir.proto.Response;

/// What carries a stream from a client to this core, as far as the core drives it: over gRPC
/// ([GrpcReturnPath]) or over wire ([WireReturnPath]). It hands requests to its [SendStream] in
/// order, never more than were asked for, and holds back what the client sends beyond them.
///
/// Owned by the stream's event loop.
interface ReturnPath {
  /// Whether the client takes what is sent; [SendStream#onReady] follows when it was seen false.
  boolean isReady();

  /// Whether nobody is there any more to be told anything.
  boolean isGone();

  /// Sends whether it is ready or not.
  void send(Response response);

  /// Takes so many more requests.
  void request(int count);

  /// Ends the stream in order, behind what was sent.
  void end();

  /// Ends the stream for a fault that the client is told.
  void end(WeirException fault);

  /// Bytes of requests received so far, parts of a request included: what tells a slow link, on
  /// which one frame takes a minute, from a dead one. The framing does not count, so that a sender
  /// can tell what this end will have counted.
  long receivedBytes();
}
