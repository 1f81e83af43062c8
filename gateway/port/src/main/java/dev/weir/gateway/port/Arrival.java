package dev.weir.gateway.port;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection from its first moment until it is handed to a protocol, whatever stages (PROXY
/// header, TLS, first bytes) are in between: who it is, how long it may take, and what is counted.
///
/// Invariants: it is counted once, as accepted or as refused; whatever is not decided within the
/// handshake time, which all stages share, is refused.
///
/// Owned by the connection's event loop.
final class Arrival {
  private final Channel channel;
  private final Admissions admissions;
  private Peer peer;
  private @Nullable Future<?> deadline;
  private boolean isDecided;

  Arrival(Channel channel, Admissions admissions) {
    this.channel = channel;
    this.admissions = admissions;
    this.peer = Peer.plain(channel);
  }

  /// Counts it in and starts its time. A proxy's own address has no limits: those of the clients
  /// that it speaks for count, see [#announce].
  void begin(Duration time, boolean isProxy) {
    if (!isProxy && !enter(peer.address())) {
      return;
    }
    if (!admissions.admit(channel)) {
      refuse(Refusal.TOO_MANY_CONNECTIONS);
      return;
    }
    deadline =
        channel
            .eventLoop()
            .schedule(() -> refuse(Refusal.TOO_SLOW), time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private boolean enter(SocketAddress from) {
    if (!(from instanceof InetSocketAddress inet) || inet.getAddress() == null) {
      return true; // Has no address of the network: nothing to count by.
    }
    InetAddress address = inet.getAddress();
    Refusal refusal = admissions.enter(address);
    if (refusal != null) {
      refuse(refusal);
      return false;
    }
    ChannelFuture _ = channel.closeFuture().addListener(_ -> admissions.leave(address));
    return true;
  }

  /// A trusted proxy said whose connection it is.
  void announce(SocketAddress client) {
    if (!isDecided && enter(client)) {
      peer = peer.at(client);
    }
  }

  /// TLS is through.
  void secured(List<X509Certificate> certificates) {
    peer = peer.secured(certificates);
  }

  Peer peer() {
    return peer;
  }

  boolean isDecided() {
    return isDecided;
  }

  void accept(Protocol protocol) {
    isDecided = true;
    cancelDeadline();
    peer.on(channel);
    admissions.accept(channel, peer, protocol);
  }

  /// Counts and closes it, unless it was decided before.
  void refuse(Refusal reason) {
    if (count(reason)) {
      ChannelFuture _ = channel.close();
    }
  }

  /// Counts it as refused; whoever calls closes it.
  ///
  /// @return false when it was decided before
  boolean count(Refusal reason) {
    if (isDecided) {
      return false;
    }
    isDecided = true;
    cancelDeadline();
    admissions.refuse(reason);
    return true;
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }
}
