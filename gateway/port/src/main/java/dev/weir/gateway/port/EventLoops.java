package dev.weir.gateway.port;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
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
    return new BriefTasks(threads, new DefaultThreadFactory(name, true), factory);
  }

  /// Looks at its connections again after so many milliseconds of tasks. Netty's own second lets
  /// whoever is answered by other threads, such as subscriptions, hold up all that is to be read.
  private static final class BriefTasks extends MultiThreadIoEventLoopGroup {
    private static final int MAX_TASKS_MILLIS = 1;

    BriefTasks(int threads, ThreadFactory names, IoHandlerFactory factory) {
      super(threads, names, factory);
    }

    @Override
    protected IoEventLoop newChild(Executor executor, IoHandlerFactory io, Object... arguments) {
      return new SingleThreadIoEventLoop(
          this,
          executor,
          io,
          Integer.MAX_VALUE,
          RejectedExecutionHandlers.reject(),
          MAX_TASKS_MILLIS);
    }
  }

  /// Ends the threads and waits for them a second at most.
  void close() {
    Future<?> accepting = accept.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    Future<?> serving = io.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    accepting.awaitUninterruptibly(1, TimeUnit.SECONDS);
    serving.awaitUninterruptibly(1, TimeUnit.SECONDS);
  }
}
