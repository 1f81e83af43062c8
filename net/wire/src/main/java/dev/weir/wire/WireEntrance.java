package dev.weir.wire;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.function.Consumer;

/// Stands in front of a server and decides which connections come in: by limits, by what a proxy
/// says, by TLS. Where there is one, TLS is its affair alone.
@FunctionalInterface
public interface WireEntrance {
  /// Takes a connection that has just been accepted. On the channel's event loop.
  ///
  /// @param channel with nothing in its pipeline
  /// @param onward to be called once, on the event loop, with where the client is, when everything
  ///   from the preface on is to be served: adds what serves it at the end of the pipeline. Whoever
  ///   does not call it closes the channel.
  void enter(Channel channel, Consumer<SocketAddress> onward);
}
