package dev.weir.wire;

/// A stream's owner that wants frames as they come, not put together: a router, or a store of large
/// messages. [StreamHandler#onMessage] is never called then, replies included, and the owner gives
/// every frame's credit back itself: `stream.consumed(frame.frameBytes())`.
public interface FrameHandler extends StreamHandler {
  /// A MSG or RESP frame came. The view is valid during the call; keep the body with
  /// [FrameView#retainedBody], or pass the frame on with [WireStream#forward].
  void onFrame(WireStream stream, FrameView frame);

  /// The peer is draining and takes no call of this stream behind the one named: those that were
  /// passed on are unprocessed, and it has dropped them unread.
  ///
  /// @param mid of the last call that is served; 0 for none
  default void onLastCall(WireStream stream, int mid) {}

  @Override
  default void onMessage(WireStream stream, MessageView message) {
    throw new IllegalStateException("a frame handler was given a whole message");
  }
}
