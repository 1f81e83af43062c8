package dev.weir.remote;

/// Hears how a remote's connections fare. Called by the messenger or by a connection's event loop;
/// must not block. Events of two connections may come close together, in any order.
public interface RemoteWatcher {
  /// Wants to know nothing.
  RemoteWatcher NONE = new RemoteWatcher() {};

  /// A connection was made. Whether the peer lets this end in shows with the first answer.
  default void onConnected() {}

  /// The peer is leaving: the connection is given up for the next one.
  default void onDraining() {}

  /// A connection was lost, or could not be made; the next one is tried by itself.
  ///
  /// @param why for people
  default void onLost(String why) {}
}
