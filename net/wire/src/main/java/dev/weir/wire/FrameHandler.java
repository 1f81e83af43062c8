package dev.weir.wire;

/// A stream's owner that wants frames as they come, not put together: a router, or a store of large
/// messages. [StreamHandler#onMessage] is never called then, replies included, and the owner gives
/// every frame's credit back itself: `stream.consumed(frame.frameBytes())`.
public interface FrameHandler extends StreamHandler {
  /// A MSG or RESP frame came. The view is valid during the call; keep the body with
  /// [FrameView#retainedBody], or pass the frame on with [WireStream#forward].
  void onFrame(WireStream stream, FrameView frame);

  @Override
  default void onMessage(WireStream stream, MessageView message) {
    throw new IllegalStateException("a frame handler was given a whole message");
  }
}
