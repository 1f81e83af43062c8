package dev.weir.wire;

import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/// A connection's work in turns: read what came, let streams answer, grant credit, let streams send
/// by priority, flush once.
///
/// Owned by the connection's event loop; allocates nothing.
final class ConnectionTurn {
  private final WireConnection connection;
  private final EventLoop loop;
  private final Runnable task = this::end;
  private boolean isReading;
  private boolean isScheduled;

  ConnectionTurn(WireConnection connection, EventLoop loop) {
    this.connection = connection;
    this.loop = loop;
  }

  /// Takes what came; the buffer stays the caller's.
  void read(ByteBuf in) {
    isReading = true;
    connection.keepalive().onHeard();
    try {
      connection.intake().take(in);
    } catch (WeirException e) {
      connection.life().fail(e);
    }
  }

  void onReadComplete() {
    isReading = false;
    end();
  }

  /// Sees to it that the turn ends with a flush; while bytes are being read it does anyway.
  void flushSoon() {
    if (!isReading && !isScheduled) {
      isScheduled = true;
      loop.execute(task);
    }
  }

  /// Grants what is owed, lets streams send, and flushes once.
  void end() {
    isScheduled = false;
    if (!connection.isOpen()) {
      return;
    }
    connection.held().report();
    connection.path().onTurn();
    ReceiveLease lease = connection.lease();
    if (lease != null) {
      lease.onTurn(connection.credit().isFrozen());
    }
    Outbound outbound = connection.outbound();
    ConnectionCredit credit = connection.credit();
    if (credit.isGrantDue()) {
      credit.climit();
      outbound.writer().number(FrameType.CREDIT, 0, 0, credit.limit());
    }
    outbound.run();
    connection.pings().onTurnSent();
    outbound.writer().flush();
    connection.draining().check();
    if (outbound.takeReadyCheck()) {
      for (WireStream stream : connection.streams()) {
        stream.readiness().check();
      }
    }
  }
}
