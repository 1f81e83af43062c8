package dev.weir.gateway.port;

import dev.weir.base.Checks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;

/// Proxies that are believed: each connection from them begins with a PROXY header (version 2) that
/// says whose it is, and no other connection may have one.
///
/// @param networks whom to believe; empty for nobody
public record Proxies(List<Network> networks) {
  /// Nobody speaks for another.
  public static final Proxies NONE = new Proxies(List.of());

  public Proxies {
    networks = List.copyOf(networks);
  }

  /// A range of addresses.
  ///
  /// @param address its first, or any of it
  /// @param prefixBits how many bits all of it have in common, 0 to 32 or 128
  public record Network(InetAddress address, int prefixBits) {
    public Network {
      Checks.range("prefix bits", prefixBits, 0, 8 * address.getAddress().length);
    }

    /// Whether an address is in it; an IPv4 network holds no IPv6 address.
    public boolean contains(InetAddress other) {
      byte[] mine = address.getAddress();
      byte[] theirs = other.getAddress();
      int whole = prefixBits / 8;
      if (mine.length != theirs.length || !Arrays.equals(mine, 0, whole, theirs, 0, whole)) {
        return false;
      }
      int rest = prefixBits % 8;
      return rest == 0 || ((mine[whole] ^ theirs[whole]) & 0xff) >> (8 - rest) == 0;
    }
  }

  boolean isTrusted(SocketAddress peer) {
    return peer instanceof InetSocketAddress inet
        && inet.getAddress() != null
        && networks.stream().anyMatch(network -> network.contains(inet.getAddress()));
  }
}
