package dev.weir.gateway.port;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.InternalWriteBufferingAndExceptionHandlerUtils;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/// From the port's [Sniffer] to the protocol's own door. On the connection's event loop.
///
/// gRPC has put a connection handler of its own behind every connection. Where it is to go on, its
/// negotiation is brought to its end with what was found out about the peer; else it is told that
/// its transport is unused and forgets it.
///
/// @param grpc the connection handler of this connection
record Handover(GrpcHttp2ConnectionHandler grpc, Doors doors) implements Onward {
  @Override
  public boolean takes(Protocol protocol) {
    return protocol != Protocol.WIRE || doors.wire() != null;
  }

  @Override
  public void go(Protocol protocol, ChannelHandlerContext sniffer, Peer peer) {
    RawDoor wire = doors.wire();
    switch (protocol) {
      case GRPC -> toGrpc(sniffer, peer);
      case HTTP1 -> leaveGrpc(sniffer, doors.http());
      case WIRE -> leaveGrpc(sniffer, java.util.Objects.requireNonNull(wire));
    }
  }

  private void toGrpc(ChannelHandlerContext sniffer, Peer peer) {
    sniffer
        .pipeline()
        .addAfter(sniffer.name(), null, InternalProtocolNegotiators.grpcNegotiationHandler(grpc));
    sniffer.fireUserEventTriggered(
        InternalProtocolNegotiationEvent.withAttributes(
            InternalProtocolNegotiationEvent.getDefault(), attributes(sniffer.channel(), peer)));
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

  private void leaveGrpc(ChannelHandlerContext sniffer, RawDoor door) {
    grpc.notifyUnused();
    InternalWriteBufferingAndExceptionHandlerUtils.writeBufferingAndRemove(sniffer.channel());
    door.open(sniffer.channel());
  }
}
