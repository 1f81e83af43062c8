package dev.weir.wire;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a connection's windows as large as its path needs: a stream's as [BdpEstimator] says, the
/// connection's twice that, so that one stream that nobody reads does not hold up the rest. Fixed
/// where the limits allow no growth.
///
/// Owned by the connection's event loop, but for what is read by any thread.
final class PathWindow {
  private static final Logger LOG = LoggerFactory.getLogger(PathWindow.class);

  private final WireConnection connection;
  private final ConnectionCredit credit;
  private final BdpEstimator estimator;
  private final boolean isFixed;
  private long lastReceived;
  private long pings;
  private volatile long streamBytes;
  private volatile long rttNanos;

  PathWindow(WireConnection connection, ConnectionCredit credit) {
    this.connection = connection;
    this.credit = credit;
    WireLimits limits = connection.context().limits();
    long start = limits.streamWindow().bytes();
    this.isFixed = limits.maxWindow().bytes() <= limits.connectionWindow().bytes();
    this.estimator = new BdpEstimator(start, maxBytes(), connection.context().clock().nanoTime());
    this.streamBytes = start;
  }

  private long maxBytes() {
    WireContext context = connection.context();
    return Math.min(context.limits().maxWindow().bytes(), context.budget().shareBytes());
  }

  /// The peer is known: the kernel has measured the path already while it connected.
  void start(Channel channel) {
    if (channel instanceof EpollSocketChannel socket && !isFixed) {
      estimator.seed(socket.tcpInfo().rtt());
      apply();
    }
  }

  /// A turn ends; whatever came is measured if it is time to.
  void onTurn() {
    if (isFixed || credit.received() == lastReceived) {
      return;
    }
    lastReceived = credit.received();
    long now = connection.outbound().nowNanos();
    if (estimator.wantsSample(now)) {
      connection.pings().ask(PingId.PATH | ++pings);
      estimator.begin(now, lastReceived);
    }
  }

  void onPong(long id) {
    if (id == (PingId.PATH | pings)
        && estimator.end(connection.outbound().nowNanos(), credit.received())) {
      apply();
    }
    rttNanos = estimator.rttNanos();
  }

  /// A keepalive interval is over.
  void onTick() {
    if (!isFixed) {
      estimator.limit(maxBytes());
      if (estimator.tick(connection.outbound().nowNanos())) {
        apply();
      }
    }
  }

  private void apply() {
    long stream = estimator.windowBytes();
    streamBytes = stream;
    rttNanos = estimator.rttNanos();
    long least = connection.context().limits().connectionWindow().bytes();
    credit.resize(Math.clamp(2 * stream, least, CreditCode.MAX_CONNECTION_WINDOW));
    LOG.debug("Windows to {} are {} bytes", connection.remoteAddress(), stream);
    for (WireStream each : connection.streams()) {
      each.receiver().resize(stream);
    }
    connection.turn().flushSoon();
  }

  /// A stream's window. Any thread.
  long streamBytes() {
    return streamBytes;
  }

  /// The usual round trip; 0 while none is known. Any thread.
  long rttNanos() {
    return rttNanos;
  }
}
