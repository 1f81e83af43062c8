package dev.weir.gateway.port;

import dev.weir.base.Checks;
import org.jspecify.annotations.Nullable;

/// Where to listen.
///
/// @param host a name or address of this machine; loopback unless someone decides otherwise
/// @param port 0 to 65535; 0 takes a free one
/// @param proxies who may speak for others
/// @param tls null for a port without TLS
public record PortConfig(
    String host, int port, PortLimits limits, Proxies proxies, @Nullable PortTls tls) {
  public static final int DEFAULT_PORT = 4750;
  public static final PortConfig DEFAULT =
      new PortConfig("127.0.0.1", DEFAULT_PORT, PortLimits.DEFAULT);

  /// Without TLS, and behind no proxy.
  public PortConfig(String host, int port, PortLimits limits) {
    this(host, port, limits, Proxies.NONE, null);
  }

  public PortConfig {
    Checks.argument(!host.isBlank(), "host is empty");
    Checks.range("port", port, 0, 65_535);
  }

  public PortConfig with(@Nullable PortTls other) {
    return new PortConfig(host, port, limits, proxies, other);
  }

  public PortConfig with(Proxies other) {
    return new PortConfig(host, port, limits, other, tls);
  }
}
