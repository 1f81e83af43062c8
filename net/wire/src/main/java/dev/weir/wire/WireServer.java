package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// Listens for connections. Each gets a handler of its own.
public final class WireServer implements AutoCloseable {
  private final Channel listener;
  private final WireAccepted accepted;

  private WireServer(Channel listener, WireAccepted accepted) {
    this.listener = listener;
    this.accepted = accepted;
  }

  /// Listens on an address; port 0 takes a free one.
  ///
  /// @throws WeirException ADDRESS_IN_USE when it cannot be bound
  public static WireServer start(
      WireLoops loops,
      WireContext context,
      InetSocketAddress address,
      Supplier<? extends ConnectionHandler> handlers) {
    WireAccepted accepted = new WireAccepted();
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
                    accept(context, handlers, accepted, channel);
                  }
                });
    SocketOptions.apply(bootstrap, loops.transport(), context.limits());
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new WeirException(
          ErrorCode.ADDRESS_IN_USE, "Cannot listen on " + address + ".", bound.cause());
    }
    return new WireServer(bound.channel(), accepted);
  }

  private static void accept(
      WireContext context,
      Supplier<? extends ConnectionHandler> handlers,
      WireAccepted accepted,
      Channel channel) {
    WireEntrance entrance = context.security().entrance();
    if (entrance != null) {
      accepted.arrived(channel);
      entrance.enter(
          channel,
          client -> {
            channel.attr(WireDoor.CLIENT).set(client);
            accepted.add(channel);
            channel
                .pipeline()
                .addLast(WirePipe.toldApart(context, handlers.get(), accepted::onStarted));
          });
      return;
    }
    accepted.add(channel);
    WireTls tls = context.security().tls();
    if (tls != null) {
      channel.pipeline().addLast(tls.serverHandler(context.limits().handshake()));
    }
    channel
        .pipeline()
        .addLast(new WirePipe(context, handlers.get(), false, 0, accepted::onStarted));
  }

  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /// How many connections are open, those at an entrance not included.
  public int connectionCount() {
    return accepted.count();
  }

  /// Stops listening and drains every connection, see [WireConnection#drain(Duration)].
  ///
  /// @param grace 0 to 1 h
  /// @return done when all of them are closed
  public CompletionStage<Void> drain(Duration grace) {
    var _ = listener.close();
    return accepted.drain(grace);
  }

  /// Takes no more connections; those that are open stay.
  public void stopListening() {
    var _ = listener.close().awaitUninterruptibly();
  }

  /// Stops listening and closes every connection.
  @Override
  public void close() {
    var _ = listener.close().awaitUninterruptibly();
    accepted.close();
  }
}
