package dev.weir.gateway.port;

import io.netty.channel.ChannelHandlerContext;

/// Where a connection goes once its protocol is known. On the connection's event loop.
interface Onward {
  boolean takes(Protocol protocol);

  /// Puts what serves the connection behind its sniffer, which then leaves the pipeline and passes
  /// on what it has read.
  ///
  /// @param protocol one that is taken
  void go(Protocol protocol, ChannelHandlerContext sniffer, Peer peer);
}
