package dev.weir.auth;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Where a client comes from.
///
/// @param door by which protocol: `grpc`
/// @param address its host and port, for people; equal for equal connections
/// @param network what failures are counted by: an IPv4 address, or the 64-bit network of an IPv6
///   one, of which one host may have every address
public record Origin(String door, String address, String network) {
  /// @param remote null when it is not known
  public static Origin of(String door, @Nullable SocketAddress remote) {
    if (remote instanceof InetSocketAddress known && known.getAddress() != null) {
      InetAddress host = known.getAddress();
      return new Origin(door, host.getHostAddress() + ":" + known.getPort(), network(host));
    }
    return new Origin(door, String.valueOf(remote), String.valueOf(remote));
  }

  private static String network(InetAddress host) {
    byte[] bytes = host.getAddress();
    return bytes.length == 4
        ? host.getHostAddress()
        : HexFormat.of().formatHex(Arrays.copyOf(bytes, 8));
  }
}
