package dev.weir.wire;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a connection tells its owner, and what becomes of an owner that throws: the stream ends,
/// the connection goes on.
///
/// Owned by the connection's event loop.
final class ConnectionOwner {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionOwner.class);

  private final WireConnection connection;
  private final ConnectionHandler handler;

  ConnectionOwner(WireConnection connection, ConnectionHandler handler) {
    this.connection = connection;
    this.handler = handler;
  }

  void connected() {
    handler.onConnected(connection);
  }

  void agreed(Agreement agreement) {
    handler.onAgreed(connection, agreement);
  }

  void authenticated(WireIdentity identity) {
    handler.onAuthenticated(connection, identity);
  }

  void draining(long graceMicros) {
    handler.onDraining(connection, Duration.of(graceMicros, ChronoUnit.MICROS));
  }

  void closed(WireStatus status) {
    handler.onClosed(connection, status);
  }

  /// Who serves a stream of the peer's; empty for nobody.
  Optional<StreamHandler> of(WireStream stream, OpenRequest request) {
    try {
      return handler.onOpen(stream, request);
    } catch (RuntimeException e) {
      onFault(stream, e);
      return Optional.empty();
    }
  }

  /// A stream's handler threw.
  void onFault(WireStream stream, RuntimeException fault) {
    connection.context().counters().onHandlerFault();
    LOG.warn("The handler of {} failed", stream.request().method(), fault);
    stream.abort(WireStatus.of(StatusCode.INTERNAL, "The handler failed."));
  }
}
