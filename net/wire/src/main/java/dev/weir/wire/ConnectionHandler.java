package dev.weir.wire;

import java.time.Duration;
import java.util.Optional;

/// The owner's side of a connection. All methods run on its event loop and must not block.
public interface ConnectionHandler {
  /// The client's socket is connected and its hello is on the way: streams may be opened already,
  /// at most 64 KiB goes before the server has answered.
  default void onConnected(WireConnection connection) {}

  /// Both ends know each other's version and limits.
  default void onAgreed(WireConnection connection, Agreement agreement) {}

  /// The client has proved who it is; always before its first stream is opened, and again when it
  /// shows a newer token. Never called where nothing was asked of it.
  default void onAuthenticated(WireConnection connection, WireIdentity identity) {}

  /// The peer opens a stream; `stream.connection().identity()` says who it is. Empty refuses it as
  /// UNIMPLEMENTED.
  default Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
    return Optional.empty();
  }

  /// The peer will close the connection within the grace: what is new belongs on another one, which
  /// is to be opened first. Streams and calls go on here until the peer names the last that it
  /// takes; those behind it fail as unprocessed.
  default void onDraining(WireConnection connection, Duration grace) {}

  /// The connection is over; every stream of it was told before.
  default void onClosed(WireConnection connection, WireStatus status) {}
}
