package dev.weir.edge.source.otlp;

import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceMeter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;

/// Bounds the connections of a server channel: one more is closed at once. Runs on the server
/// channel's event loop; connections end on theirs, which is the same one.
@Sharable
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
  private final int maxCount;
  private final SourceMeter meter;
  private int count;

  /// @param meter counts those that are turned away
  ConnectionLimit(int maxCount, SourceMeter meter) {
    this.maxCount = maxCount;
    this.meter = meter;
  }

  /// Puts the limit before whatever accepts on the channel.
  ServerChannel on(ServerChannel channel) {
    channel.pipeline().addLast(this);
    return channel;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel connection = (Channel) message;
    if (count >= maxCount) {
      meter.detail("More than " + maxCount + " connections; the newest was closed.");
      meter.fault(SourceFault.CONNECTION_LIMIT);
      connection.unsafe().closeForcibly();
      return;
    }
    count++;
    connection.closeFuture().addListener(_ -> count--);
    context.fireChannelRead(message);
  }
}
