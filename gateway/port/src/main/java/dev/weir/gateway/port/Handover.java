package dev.weir.gateway.port;

import dev.weir.base.Bytes;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.InternalWriteBufferingAndExceptionHandlerUtils;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/// Gives a connection whose protocol is known to what serves it. On the connection's event loop.
///
/// gRPC has put a connection handler of its own behind every connection. Where it is to go on, its
/// negotiation is brought to its end with what was found out about the peer; else it is told that
/// its transport is unused and forgets it.
final class Handover {
  /// What a person sees who has written `http://`.
  private static final Bytes PLAIN_REFUSED =
      Bytes.utf8(
          """
          HTTP/1.1 400 Bad Request\r
          Content-Type: text/plain; charset=utf-8\r
          Connection: close\r
          \r
          This port takes TLS only: use https://.
          """);

  private Handover() {}

  /// @param ctx of the sniffer, which leaves the pipeline and passes on what it has read
  static void to(
      Protocol protocol,
      ChannelHandlerContext ctx,
      Doors doors,
      GrpcHttp2ConnectionHandler grpc,
      Peer peer) {
    RawDoor wire = doors.wire();
    switch (protocol) {
      case GRPC -> toGrpc(ctx, grpc, peer);
      case HTTP1 -> leaveGrpc(ctx, grpc, doors.http());
      case WIRE -> leaveGrpc(ctx, grpc, java.util.Objects.requireNonNull(wire));
    }
  }

  private static void toGrpc(
      ChannelHandlerContext ctx, GrpcHttp2ConnectionHandler grpc, Peer peer) {
    ChannelPipeline pipeline = ctx.pipeline();
    pipeline.addAfter(ctx.name(), null, InternalProtocolNegotiators.grpcNegotiationHandler(grpc));
    ctx.fireUserEventTriggered(
        InternalProtocolNegotiationEvent.withAttributes(
            InternalProtocolNegotiationEvent.getDefault(), attributes(ctx.channel(), peer)));
    pipeline.remove(ctx.name());
  }

  /// What services find in a call: as gRPC's own negotiation sets them, and [Peer].
  private static Attributes attributes(Channel channel, Peer peer) {
    Attributes.Builder attributes =
        Attributes.newBuilder()
            .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, channel.localAddress())
            .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, peer.address())
            .set(Peer.ATTRIBUTE, peer);
    @Nullable SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      attributes.set(Grpc.TRANSPORT_ATTR_SSL_SESSION, tls.engine().getSession());
    }
    return attributes.build();
  }

  private static void leaveGrpc(
      ChannelHandlerContext ctx, GrpcHttp2ConnectionHandler grpc, RawDoor door) {
    grpc.notifyUnused();
    InternalWriteBufferingAndExceptionHandlerUtils.writeBufferingAndRemove(ctx.channel());
    door.open(ctx.channel());
    ctx.pipeline().remove(ctx.name());
  }

  /// Refuses plain text; HTTP can say why in a form that its clients show.
  static void refusePlain(ChannelHandlerContext ctx, Arrival arrival, Protocol protocol) {
    if (protocol == Protocol.HTTP1 && arrival.count(Refusal.PLAIN)) {
      ChannelFuture _ =
          ctx.writeAndFlush(Unpooled.wrappedBuffer(PLAIN_REFUSED.buffer()))
              .addListener(ChannelFutureListener.CLOSE);
    } else {
      arrival.refuse(Refusal.PLAIN);
    }
  }
}
