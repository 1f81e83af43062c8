package dev.weir.wire;

/// Writes the PINGs and PONGs of a connection, each with how far this end has come.
///
/// Owned by the connection's event loop.
final class Pings {
  private final WireConnection connection;
  private long pathId;

  Pings(WireConnection connection) {
    this.connection = connection;
  }

  void ask(long id) {
    write(FrameType.PING, id);
    connection.turn().flushSoon();
  }

  /// Answers a PING: one that measures the path behind what this turn sends, as the peer wants to
  /// know how much that is.
  void answer(long id) {
    if (PingId.isPath(id) && pathId == 0) {
      pathId = id;
    } else {
      write(FrameType.PONG, id);
    }
  }

  /// The turn has sent what it may.
  void onTurnSent() {
    if (pathId != 0) {
      write(FrameType.PONG, pathId);
      pathId = 0;
    }
  }

  private void write(FrameType type, long id) {
    Outbound outbound = connection.outbound();
    long received = connection.intake().receivedBytes();
    outbound.writer().progress(type, id, received, outbound.sendableBytes());
  }
}
