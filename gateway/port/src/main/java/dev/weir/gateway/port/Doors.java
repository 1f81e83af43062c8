package dev.weir.gateway.port;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// What the connections of a port share: where they may go, and on what terms.
///
/// @param operations the port's own HTTP
/// @param http takes HTTP/1.1: the same, or a door of the caller's
/// @param wire null refuses wire
/// @param tls null refuses TLS
record Doors(
    Admissions admissions,
    HttpDoor operations,
    RawDoor http,
    @Nullable RawDoor wire,
    @Nullable TlsDoor tls,
    Proxies proxies,
    PortLimits limits) {
  /// Whether a peer may go without TLS.
  boolean takesPlain(Peer peer) {
    return tls == null
        || switch (tls.plain()) {
          case REFUSED -> false;
          case LOOPBACK ->
              peer.address() instanceof InetSocketAddress inet
                  && inet.getAddress() != null
                  && inet.getAddress().isLoopbackAddress();
          case EVERYONE -> true;
        };
  }

  void close() {
    operations.close();
    if (tls != null) {
      tls.close();
    }
  }
}
