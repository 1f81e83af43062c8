package dev.weir.bench.ops;

import dev.weir.wire.SpinningSelect;
import dev.weir.wire.Transport;
import dev.weir.wire.WireLoops;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One event loop for everything of a process that is not wire, with the settings at which
/// grpc-java is fastest: epoll, direct executors, no retries, larger marks of what may wait to be
/// written.
final class OneLoop implements AutoCloseable {
  private static final String SPIN_MICROS = "weir.bench.spinMicros";
  private static final Duration SPIN = Duration.of(Long.getLong(SPIN_MICROS, 0), ChronoUnit.MICROS);

  private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(256 << 10, 1 << 20);

  private final EventLoopGroup group;

  OneLoop(String name) {
    group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("weir-bench-" + name, true), drive());
  }

  private static IoHandlerFactory drive() {
    SelectStrategyFactory select =
        SPIN.isZero() ? DefaultSelectStrategyFactory.INSTANCE : SpinningSelect.of(SPIN);
    return Epoll.isAvailable()
        ? EpollIoHandler.newFactory(0, select)
        : NioIoHandler.newFactory(SelectorProvider.provider(), select);
  }

  /// The same for wire.
  static WireLoops wireLoops(String name) {
    return WireLoops.start(name, 1, Transport.best(), SPIN);
  }

  /// The words of a JVM whose loops spin.
  static List<String> spinning(Duration spin) {
    return spin.isZero() ? List.of() : List.of("-D" + SPIN_MICROS + "=" + spin.toNanos() / 1_000);
  }

  EventLoop loop() {
    return (EventLoop) group.iterator().next();
  }

  Server serve(BindableService service) throws IOException {
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .bossEventLoopGroup(group)
        .workerEventLoopGroup(group)
        .channelType(serverType())
        .withChildOption(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
        .initialFlowControlWindow(4 << 20)
        .directExecutor()
        .addService(service)
        .build()
        .start();
  }

  ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress(loopback(port))
        .eventLoopGroup(group)
        .channelType(type())
        .withOption(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
        .initialFlowControlWindow(4 << 20)
        .usePlaintext()
        .disableRetry()
        .directExecutor()
        .build();
  }

  /// A plain TCP connection.
  Channel connect(int port, ChannelHandler handler) throws IOException {
    var connecting =
        new Bootstrap()
            .group(group)
            .channel(type())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
            .handler(handler)
            .connect(loopback(port));
    if (!connecting.awaitUninterruptibly(5, TimeUnit.SECONDS) || !connecting.isSuccess()) {
      throw new IOException("nothing answers on port " + port, connecting.cause());
    }
    return connecting.channel();
  }

  static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static Class<? extends Channel> type() {
    return Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  private static Class<? extends ServerChannel> serverType() {
    return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
