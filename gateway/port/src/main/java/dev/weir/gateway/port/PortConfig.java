package dev.weir.gateway.port;

import dev.weir.base.Checks;

/// Where to listen.
///
/// @param host a name or address of this machine; loopback unless someone decides otherwise
/// @param port 0 to 65535; 0 takes a free one
public record PortConfig(String host, int port, PortLimits limits) {
  public static final int DEFAULT_PORT = 4750;
  public static final PortConfig DEFAULT =
      new PortConfig("127.0.0.1", DEFAULT_PORT, PortLimits.DEFAULT);

  public PortConfig {
    Checks.argument(!host.isBlank(), "host is empty");
    Checks.range("port", port, 0, 65_535);
  }
}
