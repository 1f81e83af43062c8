package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where a connection meets its channel: the last handler of the pipeline, on the event loop.
final class WirePipe extends ChannelInboundHandlerAdapter {
  private final WireContext context;
  private final ConnectionHandler handler;
  private final boolean isClient;
  private final long epoch;
  private final Consumer<WireConnection> onStarted;
  private @Nullable WireConnection connection;

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
    if (connection == null) {
      WireConnection started = new WireConnection(context, handler, ctx, isClient, epoch);
      connection = started;
      started.start(); // Whoever hears of it may send, behind the preface and the hello.
      onStarted.accept(started);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (connection != null) {
        connection.read(in);
      }
    } finally {
      in.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (connection != null) {
      connection.onReadComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (connection != null && ctx.channel().isWritable()) {
      connection.flushSoon();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    lose("The peer closed it.");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    lose("The socket failed: " + cause);
    var _ = ctx.close();
  }

  private void lose(String why) {
    if (connection != null) {
      connection.lost(new WeirException(ErrorCode.CONNECTION_LOST, why));
    }
  }
}
