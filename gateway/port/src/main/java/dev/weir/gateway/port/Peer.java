package dev.weir.gateway.port;

import dev.weir.tls.CertificateNames;
import io.grpc.Attributes;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/// Who is at the other end of a connection, as far as the port found out before it handed the
/// connection on. For handlers of a channel [#of], for calls of gRPC [#ATTRIBUTE] among the call's
/// attributes. Wire finds certificates in the channel's TLS by itself.
///
/// @param address where the client is: what a trusted proxy said, else the socket's other end
/// @param isSecure whether the connection is TLS
/// @param certificates the client's verified chain, its own first; empty when it has shown none
public record Peer(SocketAddress address, boolean isSecure, List<X509Certificate> certificates) {
  /// Among the attributes of a gRPC call on the server.
  @SuppressWarnings("deprecation") // Its replacement is for packages of gRPC alone.
  public static final Attributes.Key<Peer> ATTRIBUTE = Attributes.Key.create("weir-peer");

  private static final AttributeKey<Peer> OF_CHANNEL =
      AttributeKey.valueOf(Peer.class, "weir-peer");

  public Peer {
    certificates = List.copyOf(certificates);
  }

  /// The peer of a channel that the port has handed on. Any thread.
  public static Peer of(Channel channel) {
    Peer known = channel.attr(OF_CHANNEL).get();
    return known == null ? plain(channel) : known;
  }

  static Peer plain(Channel channel) {
    return new Peer(Objects.requireNonNull(channel.remoteAddress()), false, List.of());
  }

  void on(Channel channel) {
    channel.attr(OF_CHANNEL).set(this);
  }

  Peer at(SocketAddress announced) {
    return new Peer(announced, isSecure, certificates);
  }

  Peer secured(List<X509Certificate> shown) {
    return new Peer(address, true, shown);
  }

  /// Where it is, as it is shown everywhere: `HOST:PORT`.
  public String text() {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : address.toString();
  }

  /// What its certificate calls it: the common name, or the whole subject; empty without one.
  public String name() {
    return certificates.isEmpty() ? "" : CertificateNames.of(certificates.getFirst());
  }
}
