package dev.weir.wire;

import dev.weir.base.Checks;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Event loops for any number of servers and clients: threads `weir-wire-NAME-N`.
public final class WireLoops implements AutoCloseable {
  /// A channel that is closed within a flush is told in the turn after next.
  private static final int CLOSING_TURNS = 3;

  private final Transport transport;
  private final EventLoopGroup group;
  private final boolean ownsGroup;
  private final Set<Channel> channels = ConcurrentHashMap.newKeySet();

  private WireLoops(Transport transport, EventLoopGroup group, boolean ownsGroup) {
    this.transport = transport;
    this.group = group;
    this.ownsGroup = ownsGroup;
  }

  /// Runs on loops that somebody else started and ends, of the given transport.
  public static WireLoops on(EventLoopGroup group, Transport transport) {
    return new WireLoops(transport, group, false);
  }

  /// @param name part of the threads' names
  /// @param threads 1 to 1024
  public static WireLoops start(String name, int threads, Transport transport) {
    return start(name, threads, transport, Duration.ZERO);
  }

  /// Loops that spin before they sleep: see [SpinningSelect]. Not with io_uring.
  ///
  /// @param name part of the threads' names
  /// @param threads 1 to 1024
  /// @param spin up to 100 ms; zero for loops that sleep at once
  public static WireLoops start(String name, int threads, Transport transport, Duration spin) {
    Checks.range("threads", threads, 1, 1024);
    Checks.argument(transport.isAvailable(), transport + " is not available on this machine");
    return new WireLoops(
        transport,
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("weir-wire-" + name, true), transport.factory(spin)),
        true);
  }

  /// The loops, in the order in which they take connections.
  public List<EventLoop> loops() {
    List<EventLoop> all = new ArrayList<>();
    group.forEach(loop -> all.add((EventLoop) loop));
    return List.copyOf(all);
  }

  Transport transport() {
    return transport;
  }

  EventLoopGroup group() {
    return group;
  }

  /// Timers of the loops, for their owners' owners: what runs there must not block.
  public ScheduledExecutorService timers() {
    return group;
  }

  /// Closes a channel of these loops before they end: a loop that ends under a channel does not
  /// always tell it, and what it holds would stay.
  void track(Channel channel) {
    channels.add(channel);
    var _ = channel.closeFuture().addListener(_ -> channels.remove(channel));
  }

  /// Closes every connection, then ends the threads that were started here; waits some seconds at
  /// most.
  @Override
  public void close() {
    List<ChannelFuture> closing = channels.stream().map(Channel::close).toList();
    closing.forEach(future -> future.awaitUninterruptibly(5, TimeUnit.SECONDS));
    for (int turn = 0; turn < CLOSING_TURNS; turn++) {
      for (EventExecutor loop : group) {
        if (!loop.isShuttingDown()) {
          loop.submit(() -> {}).awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
      }
    }
    if (!ownsGroup) {
      return;
    }
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
  }
}
