package dev.weir.gateway.port;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// On what terms the connections of one listener come in.
///
/// @param tls null refuses TLS
record Terms(Admissions admissions, @Nullable TlsDoor tls, Proxies proxies, PortLimits limits) {
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
    if (tls != null) {
      tls.close();
    }
  }
}
