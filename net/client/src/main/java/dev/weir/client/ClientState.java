package dev.weir.client;

import dev.weir.base.ErrorCode;
import java.time.Duration;

/// How one part of a client, a publisher or a subscription, stands with its server.
public sealed interface ClientState {
  record Connecting() implements ClientState {}

  record Ready() implements ClientState {}

  /// The connection was lost; it is tried again by itself.
  ///
  /// @param next how long until the next attempt
  record Reconnecting(String reason, Duration next) implements ClientState {}

  /// It ends once what is in flight has been acked.
  record Draining() implements ClientState {}

  /// The server refused for good; nothing is tried any more.
  record Halted(ErrorCode code, String detail) implements ClientState {}

  record Closed() implements ClientState {}
}
