package dev.weir.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;

/// What every socket of this protocol is set to.
final class SocketOptions {
  /// What waits behind the kernel's buffer stays in user space, where priorities still count.
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(256 << 10, 512 << 10);

  /// Grows to 1 MiB for large messages, so that few frames are cut by the end of a buffer.
  private static final int MAX_RECEIVE_BYTES = 1 << 20;

  /// What the kernel keeps unsent beyond the congestion window: two frames, so that a ping or an
  /// urgent message waits behind no more than those (transport.md §3.5 of the design).
  private static final long NOT_SENT_BYTES = 128 << 10;

  private SocketOptions() {}

  /// The kernel gives up a path on which nothing is confirmed as long as the keepalive does.
  private static int userTimeout(WireLimits limits) {
    long millis = limits.keepalive().toMillis() * Keepalive.DEAD_AFTER_INTERVALS;
    return (int) Math.max(1_000, millis);
  }

  static void apply(ServerBootstrap bootstrap, Transport transport, WireLimits limits) {
    transport.tcpOptions(userTimeout(limits), NOT_SENT_BYTES).forEach(o -> o.child(bootstrap));
    bootstrap
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffers());
  }

  static void apply(Bootstrap bootstrap, Transport transport, WireLimits limits) {
    transport.tcpOptions(userTimeout(limits), NOT_SENT_BYTES).forEach(o -> o.own(bootstrap));
    bootstrap
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .option(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffers());
  }

  /// For a socket that somebody else opened, as far as it has begun to read: its buffers stay.
  static void apply(Channel channel, WireLimits limits) {
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    Transport.of(channel)
        .tcpOptions(userTimeout(limits), NOT_SENT_BYTES)
        .forEach(option -> option.set(channel));
  }

  private static AdaptiveRecvByteBufAllocator receiveBuffers() {
    return new AdaptiveRecvByteBufAllocator(2 << 10, 16 << 10, MAX_RECEIVE_BYTES);
  }
}
