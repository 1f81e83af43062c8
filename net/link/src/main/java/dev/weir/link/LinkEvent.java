package dev.weir.link;

import dev.weir.proto.Response;

/// What reaches a link's duty thread from outside. An event of a connection that was given up in
/// the meantime is passed over.
sealed interface LinkEvent {
  /// The connection's transport takes bytes, for the first time or again.
  record Writable(Connection connection) implements LinkEvent {}

  /// The core said something.
  record Received(Connection connection, Response response) implements LinkEvent {}

  /// The connection ended, or never came up.
  record Down(Connection connection, String reason) implements LinkEvent {}

  /// The owner wants an end by a time of the clock.
  record Stop(long deadlineNanos) implements LinkEvent {}
}
