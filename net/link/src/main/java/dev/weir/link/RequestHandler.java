package dev.weir.link;

import dev.weir.proto.Request;

/// What a stream turned out to be, once its first request was seen. All calls come on the stream's
/// event loop.
interface RequestHandler {
  void onRequest(Request request);

  /// The client takes more again.
  void onReady();

  /// The client will send nothing more.
  void onHalfClosed();

  /// The connection is gone.
  void onGone();

  /// Some time passed.
  void onTick(long nowNanos);

  /// The node wants the client to finish by a time and go.
  void onDrain(long deadlineNanos);
}
