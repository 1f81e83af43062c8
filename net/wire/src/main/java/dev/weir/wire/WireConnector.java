package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslHandler;
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
  ///   [ConnectionHandler#onConnected]); WeirException UNREACHABLE when it cannot be,
  ///   UNAUTHENTICATED when TLS fails
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
                    secure(channel, address, result);
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
    SocketOptions.apply(bootstrap, loops.transport(), context.limits());
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

  private void secure(
      Channel channel, SocketAddress address, CompletableFuture<WireConnection> result) {
    WireTls tls = context.security().tls();
    if (tls == null) {
      return;
    }
    SslHandler handler = tls.clientHandler(address, context.limits().handshake());
    channel.pipeline().addLast(handler);
    var _ =
        handler
            .handshakeFuture()
            .addListener(done -> {
              if (!done.isSuccess()) {
                result.completeExceptionally(
                    new WeirException(
                        ErrorCode.UNAUTHENTICATED,
                        "TLS with " + address + " failed: " + done.cause().getMessage(),
                        done.cause()));
              }
            });
    var _ =
        channel
            .closeFuture()
            .addListener(_ ->
                result.completeExceptionally( // Nothing where it began, or TLS said why.
                    new WeirException(
                        ErrorCode.UNAUTHENTICATED, address + " does not speak this protocol.")));
  }
}
