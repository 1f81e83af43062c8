package dev.weir.link;

import dev.weir.proto.Request;

/// What carries one attempt at one core: over gRPC ([GrpcCarrier]), over wire ([WireCarrier]), or
/// over whichever of the two comes through ([EitherCarrier]). Its [CarrierListener] is told what
/// comes of it.
///
/// The methods are called by the link's duty thread only.
interface Carrier {
  /// Begins to connect; called once and first. Nothing is told before.
  void begin();

  /// Whether more than a little waits to be sent; [CarrierListener#onReady] follows when it was
  /// seen false. What is no frame is sent regardless.
  boolean isReady();

  void send(Request request);

  /// A response was dealt with, so another one may come.
  ///
  /// @param cost as the listener was told it
  void onTaken(long cost);

  /// Bytes of responses received so far, parts of a response included, without the framing.
  long receivedBytes();

  /// Ends in order: what was sent still goes out.
  void finish();

  /// Cuts the connection.
  void abort(String reason);

  /// Waits a moment for the goodbye of [#finish] to be taken, then cuts what is left.
  void leave();
}
