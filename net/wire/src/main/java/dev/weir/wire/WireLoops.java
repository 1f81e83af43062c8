package dev.weir.wire;

import dev.weir.base.Checks;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/// Event loops for any number of servers and clients: threads `weir-wire-NAME-N`.
public final class WireLoops implements AutoCloseable {
  private final Transport transport;
  private final EventLoopGroup group;

  private WireLoops(Transport transport, EventLoopGroup group) {
    this.transport = transport;
    this.group = group;
  }

  /// @param name part of the threads' names
  /// @param threads 1 to 1024
  public static WireLoops start(String name, int threads, Transport transport) {
    Checks.range("threads", threads, 1, 1024);
    Checks.argument(transport.isAvailable(), transport + " is not available on this machine");
    return new WireLoops(
        transport,
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("weir-wire-" + name, true), transport.factory()));
  }

  Transport transport() {
    return transport;
  }

  EventLoopGroup group() {
    return group;
  }

  /// Ends the threads, and with them their connections; waits a second at most.
  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
  }
}
