package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Listens for connections. Each gets a handler of its own.
public final class WireServer implements AutoCloseable {
  private final Channel listener;
  private final Set<Channel> connections;

  private WireServer(Channel listener, Set<Channel> connections) {
    this.listener = listener;
    this.connections = connections;
  }

  /// Listens on an address; port 0 takes a free one.
  ///
  /// @throws WeirException ADDRESS_IN_USE when it cannot be bound
  public static WireServer start(
      WireLoops loops,
      WireContext context,
      InetSocketAddress address,
      Supplier<? extends ConnectionHandler> handlers) {
    Set<Channel> connections = ConcurrentHashMap.newKeySet();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.transport().serverType())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 4096)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    loops.track(channel);
                    connections.add(channel);
                    var _ = channel.closeFuture().addListener(_ -> connections.remove(channel));
                    channel.pipeline().addLast(handler(context, handlers.get()));
                  }
                });
    SocketOptions.apply(bootstrap);
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new WeirException(
          ErrorCode.ADDRESS_IN_USE, "Cannot listen on " + address + ".", bound.cause());
    }
    return new WireServer(bound.channel(), connections);
  }

  /// What serves a connection that somebody else accepted: the last handler of its pipeline, to be
  /// given everything from the preface on.
  public static ChannelHandler handler(WireContext context, ConnectionHandler handler) {
    return new WirePipe(context, handler, false, 0, _ -> {});
  }

  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /// How many connections are open.
  public int connectionCount() {
    return connections.size();
  }

  /// Takes no more connections; those that are open stay.
  public void stopListening() {
    var _ = listener.close().awaitUninterruptibly();
  }

  /// Stops listening and closes every connection.
  @Override
  public void close() {
    var _ = listener.close().awaitUninterruptibly();
    for (Channel channel : connections) {
      var _ = channel.close();
    }
  }
}
