package dev.weir.gateway.port;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// The port's threads: `weir-port-accept`, which takes connections, and `weir-port-io-N`, which
/// serve them. epoll where there is one, which saves a copy and some system calls.
///
/// @param type the listener's kind that goes with them
record EventLoops(EventLoopGroup accept, EventLoopGroup io, Class<? extends ServerChannel> type) {
  /// More threads than this only divide the work further; fewer than two let one long turn hold up
  /// everyone.
  private static final int MAX_THREADS = 8;

  static EventLoops start() {
    boolean isEpoll = Epoll.isAvailable();
    IoHandlerFactory factory = isEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, MAX_THREADS);
    return new EventLoops(
        group(1, "weir-port-accept", factory),
        group(threads, "weir-port-io", factory),
        isEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
  }

  private static EventLoopGroup group(int threads, String name, IoHandlerFactory factory) {
    return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), factory);
  }

  /// Ends the threads and waits for them a second at most.
  void close() {
    Future<?> accepting = accept.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    Future<?> serving = io.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    accepting.awaitUninterruptibly(1, TimeUnit.SECONDS);
    serving.awaitUninterruptibly(1, TimeUnit.SECONDS);
  }
}
