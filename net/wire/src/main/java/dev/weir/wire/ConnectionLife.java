package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Beginning and end of a connection. It ends once, whatever the reason: everything that was open
/// is told, everything that is held is released, in an order that leaves nothing behind.
///
/// Owned by the connection's event loop, but for [#isOpen].
final class ConnectionLife {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLife.class);

  private final WireConnection connection;
  private final ChannelHandlerContext channel;
  private final Handshake handshake;
  private volatile boolean isClosed;
  private @Nullable WireStatus goAway;

  ConnectionLife(WireConnection connection, ChannelHandlerContext channel, Handshake handshake) {
    this.connection = connection;
    this.channel = channel;
    this.handshake = handshake;
  }

  /// Flushes nothing: the socket may be dead already, and the end is told behind the beginning.
  void start() {
    connection.context().budget().join();
    connection.keepalive().start();
    handshake.start();
    connection.owner().connected();
    connection.turn().flushSoon();
  }

  /// Any thread.
  boolean isOpen() {
    return !isClosed;
  }

  /// Why a stream cannot be opened any more: what the peer said last, if it did.
  WireStatus closedStatus() {
    WireStatus known = goAway;
    return known == null ? closedStatus("The connection is closed.") : known;
  }

  void close() {
    finish(closedStatus("The connection was closed here."), true);
  }

  /// The client is let in no more.
  void close(WeirException why) {
    String text = why.code().label() + ": " + why.getMessage();
    finish(WireStatus.of(ControlFrames.codeOf(why.code()), text), true);
  }

  void closeDrained() {
    finish(closedStatus("The connection was drained."), true);
  }

  void onGoAway(WireStatus status) {
    goAway = status;
    finish(status, false);
  }

  /// The peer broke the protocol.
  void refuse(String what) {
    fail(new WeirException(ErrorCode.PROTOCOL_BROKEN, what));
  }

  /// Ends the connection for a fault of the peer's, and tells it.
  void fail(WeirException fault) {
    if (isClosed) {
      return;
    }
    connection.context().counters().onPeerFault();
    LOG.debug("Connection to {} is refused: {}", connection.remoteAddress(), fault.explanation());
    String text = fault.code().label() + ": " + fault.getMessage();
    finish(WireStatus.of(ControlFrames.codeOf(fault.code()), text), true);
  }

  /// The connection is no more.
  void lost(WeirException cause) {
    String text = cause.code().label() + ": " + cause.getMessage();
    finish(
        cause.code() == ErrorCode.UNAUTHENTICATED
            ? WireStatus.of(StatusCode.UNAUTHENTICATED, text)
            : closedStatus(text),
        false);
  }

  /// The peer lives but does not move.
  void stalled(String what) {
    connection.context().counters().onStall();
    LOG.debug("Connection to {} stalls: {}", connection.remoteAddress(), what);
    finish(stallStatus(what), true);
  }

  static WireStatus stallStatus(String what) {
    return closedStatus(ErrorCode.STALLED.label() + ": " + what);
  }

  private static WireStatus closedStatus(String detail) {
    return new WireStatus(StatusCode.UNAVAILABLE, true, false, detail);
  }

  private void finish(WireStatus status, boolean isTold) {
    if (isClosed) {
      return;
    }
    isClosed = true;
    handshake.cancel();
    connection.keepalive().stop();
    connection.intake().stop();
    ReceiveLease lease = connection.lease();
    if (lease != null) {
      lease.stop();
    }
    connection.context().budget().leave();
    Drain drain = connection.draining();
    drain.cancel();
    connection.authentication().close();
    FrameWriter writer = connection.outbound().writer();
    if (isTold) {
      ControlFrames.goAway(connection.outbound(), status, drain.lastAccepted());
    }
    writer.flush();
    for (WireStream stream : connection.streams()) {
      WireStatus end = drain.endOf(stream, status);
      stream.step(StreamMachine.Event.REMOTE_ABORT, end, Metadata.EMPTY);
    }
    connection.submissions().drain();
    writer.end(); // What owners said in farewell goes nowhere.
    connection.held().release();
    if (isTold) {
      Farewell.close(channel.channel());
    } else {
      var _ = channel.close();
    }
    connection.owner().closed(status);
  }
}
