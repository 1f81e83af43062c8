package dev.weir.gateway.port;

import io.netty.channel.Channel;

/// Takes over connections of a protocol that the port tells apart but does not speak.
@FunctionalInterface
public interface RawDoor {
  /// Adds what serves the connection at the end of its pipeline, which is then given everything
  /// from the first byte on. On the connection's event loop; the port counts the connection and
  /// closes it when it closes itself.
  void open(Channel channel);
}
