package dev.weir.gateway.port;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.grpc.netty.InternalWriteBufferingAndExceptionHandlerUtils;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Waits for a connection's first bytes and hands it to the protocol that they belong to.
///
/// The problem: gRPC owns its listener and takes every connection for HTTP/2. The idea: it lets a
/// negotiator put handlers in front, which is how it does TLS. This one looks at up to 24 bytes and
/// either lets gRPC's own negotiation go on as if nothing had happened, or takes the connection
/// away from gRPC, which is then told that its transport is unused and forgets it.
///
/// Invariants: nothing is written before the protocol is known; at most one read's worth of bytes
/// is held; whatever is not decided within the handshake time is closed and counted; each
/// connection is counted once, as accepted or as refused.
///
/// Thread: the connection's event loop.
final class Sniffer extends ByteToMessageDecoder {
  private final GrpcHttp2ConnectionHandler grpc;
  private final ProtocolNegotiator plaintext;
  private final RawDoor http;
  private final @Nullable RawDoor wire;
  private final Admissions admissions;
  private final Duration handshake;
  private @Nullable ProtocolNegotiationEvent negotiation;
  private @Nullable Future<?> deadline;
  private boolean isDecided;

  Sniffer(
      GrpcHttp2ConnectionHandler grpc,
      ProtocolNegotiator plaintext,
      RawDoor http,
      @Nullable RawDoor wire,
      Admissions admissions,
      Duration handshake) {
    this.grpc = grpc;
    this.plaintext = plaintext;
    this.http = http;
    this.wire = wire;
    this.admissions = admissions;
    this.handshake = handshake;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (!admissions.admit(ctx.channel())) {
      refuse(ctx, Refusal.TOO_MANY_CONNECTIONS);
      return;
    }
    deadline =
        ctx.executor()
            .schedule(
                () -> refuse(ctx, Refusal.TOO_SLOW), handshake.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// gRPC's call to begin; it waits until the protocol is known.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof ProtocolNegotiationEvent start) {
      negotiation = start;
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (isDecided) {
      in.skipBytes(in.readableBytes());
      return;
    }
    switch (FirstBytes.guess(in)) {
      case GRPC -> toGrpc(ctx);
      case HTTP1 -> leaveGrpc(ctx, Protocol.HTTP1, http);
      case WIRE -> toWire(ctx);
      case TLS -> refuse(ctx, Refusal.TLS);
      case UNKNOWN -> refuse(ctx, Refusal.UNKNOWN_PROTOCOL);
      case UNDECIDED -> {}
    }
  }

  private void toGrpc(ChannelHandlerContext ctx) {
    accept(ctx, Protocol.GRPC);
    ctx.pipeline().addAfter(ctx.name(), null, plaintext.newHandler(grpc));
    if (negotiation != null) {
      ctx.fireUserEventTriggered(negotiation);
    }
    ctx.pipeline().remove(this); // Which passes the bytes on.
  }

  private void toWire(ChannelHandlerContext ctx) {
    if (wire == null) {
      refuse(ctx, Refusal.UNKNOWN_PROTOCOL);
    } else {
      leaveGrpc(ctx, Protocol.WIRE, wire);
    }
  }

  private void leaveGrpc(ChannelHandlerContext ctx, Protocol protocol, RawDoor door) {
    accept(ctx, protocol);
    ChannelPipeline pipeline = ctx.pipeline();
    grpc.notifyUnused();
    InternalWriteBufferingAndExceptionHandlerUtils.writeBufferingAndRemove(ctx.channel());
    door.open(ctx.channel());
    pipeline.remove(this); // Which passes the bytes on.
  }

  private void accept(ChannelHandlerContext ctx, Protocol protocol) {
    isDecided = true;
    cancelDeadline();
    admissions.accept(ctx.channel(), protocol);
  }

  private void refuse(ChannelHandlerContext ctx, Refusal reason) {
    if (isDecided) {
      return;
    }
    isDecided = true;
    cancelDeadline();
    admissions.refuse(reason);
    ChannelFuture _ = ctx.close();
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    refuse(ctx, Refusal.LEFT_EARLY);
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    refuse(ctx, Refusal.LEFT_EARLY);
  }
}
