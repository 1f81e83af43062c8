package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/// Makes connections to servers. When to connect again, and where, is its user's decision. Any
/// thread.
public final class WireConnector {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final WireLoops loops;
  private final WireContext context;
  private final AtomicLong epochs = new AtomicLong();

  public WireConnector(WireLoops loops, WireContext context) {
    this.loops = loops;
    this.context = context;
  }

  /// Connects. Each connection has an epoch of its own, in rising order.
  ///
  /// @return the connection once its socket is connected, when streams may be opened already (see
  ///   [ConnectionHandler#onConnected]); WeirException UNREACHABLE when it cannot be
  public CompletionStage<WireConnection> connect(SocketAddress address, ConnectionHandler handler) {
    return connect(address, handler, loops.group());
  }

  /// Connects on one of the loops, so that what passes between two connections changes no thread.
  public CompletionStage<WireConnection> connect(
      SocketAddress address, ConnectionHandler handler, EventLoop loop) {
    return connect(address, handler, (EventLoopGroup) loop);
  }

  private CompletionStage<WireConnection> connect(
      SocketAddress address, ConnectionHandler handler, EventLoopGroup group) {
    CompletableFuture<WireConnection> result = new CompletableFuture<>();
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .channel(loops.transport().clientType())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis())
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    loops.track(channel);
                    channel
                        .pipeline()
                        .addLast(
                            new WirePipe(
                                context,
                                handler,
                                true,
                                epochs.incrementAndGet(),
                                result::complete));
                  }
                });
    SocketOptions.apply(bootstrap);
    var _ =
        bootstrap
            .connect(address)
            .addListener(connected -> {
              if (!connected.isSuccess()) {
                result.completeExceptionally(
                    new WeirException(
                        ErrorCode.UNREACHABLE,
                        "Cannot connect to " + address + ".",
                        connected.cause()));
              }
            });
    return result;
  }
}
