package dev.weir.wire;

/// The owner's side of a stream. All methods run on the connection's event loop, one at a time, and
/// must not block. [#onClosed] is called exactly once and last.
public interface StreamHandler {
  /// The peer accepted the stream with this metadata, before its first message. Not every peer says
  /// so.
  default void onAccepted(WireStream stream, Metadata metadata) {}

  /// A whole message came: on a server also a call (its mid is not 0), to be answered with
  /// [WireStream#reply]. The view is valid during the call.
  void onMessage(WireStream stream, MessageView message);

  /// The peer no longer waits for the answer to a call.
  default void onCancelled(WireStream stream, int mid) {}

  /// The peer has sent its last message; this end may go on.
  default void onEnd(WireStream stream) {}

  /// [WireStream#isReady] turned true again after it was seen false.
  default void onReady(WireStream stream) {}

  /// The stream is over, by the peer's word, this end's, or with its connection (UNAVAILABLE).
  ///
  /// @param trailers what the peer said with its status
  void onClosed(WireStream stream, WireStatus status, Metadata trailers);
}
