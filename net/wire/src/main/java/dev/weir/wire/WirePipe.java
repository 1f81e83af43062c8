package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where a connection meets its channel: the last handler of the pipeline, on the event loop.
final class WirePipe extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(WirePipe.class);

  private final WireContext context;
  private final ConnectionHandler handler;
  private final boolean isClient;
  private final long epoch;
  private final Consumer<WireConnection> onStarted;
  private @Nullable WireConnection connection;
  private boolean isToldApart;

  WirePipe(
      WireContext context,
      ConnectionHandler handler,
      boolean isClient,
      long epoch,
      Consumer<WireConnection> onStarted) {
    this.context = context;
    this.handler = handler;
    this.isClient = isClient;
    this.epoch = epoch;
    this.onStarted = onStarted;
  }

  /// For a connection whose first bytes have named this protocol.
  static WirePipe toldApart(
      WireContext context, ConnectionHandler handler, Consumer<WireConnection> onStarted) {
    WirePipe pipe = new WirePipe(context, handler, false, 0, onStarted);
    pipe.isToldApart = true;
    return pipe;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      start(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    start(ctx);
  }

  private void start(ChannelHandlerContext ctx) {
    if (connection == null && isSecured(ctx)) {
      WireConnection started = new WireConnection(context, handler, ctx, isClient, epoch);
      connection = started;
      started.life().start(); // Whoever hears of it may send, behind the preface and the hello.
      onStarted.accept(started);
    }
  }

  /// Whether TLS, where there is any, is through and names this protocol. Behind a door somebody
  /// else has told the protocol from its first bytes: a client without ALPN may come, too.
  private boolean isSecured(ChannelHandlerContext ctx) {
    SslHandler tls = WireTls.of(ctx.channel());
    if (tls == null) {
      return true;
    }
    String named = tls.handshakeFuture().isSuccess() ? tls.engine().getApplicationProtocol() : null;
    return WireTls.PROTOCOL.equals(named) || (isToldApart && "".equals(named));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done && connection == null) {
      start(ctx);
      if (connection == null) {
        context.counters().onPeerFault();
        LOG.debug("TLS with {} failed", ctx.channel().remoteAddress(), done.cause());
        var _ = ctx.close();
      }
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (connection != null) {
        connection.turn().read(in);
      }
    } finally {
      in.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (connection != null) {
      connection.turn().onReadComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (connection != null && ctx.channel().isWritable()) {
      connection.turn().flushSoon();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    lose(ErrorCode.CONNECTION_LOST, "The peer closed it.");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause.getCause() instanceof SSLException refusal) {
      lose(ErrorCode.UNAUTHENTICATED, "TLS failed: " + refusal.getMessage());
    } else {
      lose(ErrorCode.CONNECTION_LOST, "The socket failed: " + cause);
    }
    var _ = ctx.close();
  }

  private void lose(ErrorCode code, String why) {
    if (connection != null) {
      connection.life().lost(new WeirException(code, why));
    }
  }
}
