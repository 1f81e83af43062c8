package dev.weir.wire;

import dev.weir.base.Checks;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.List;

/// How sockets are driven. epoll is the fastest for few busy connections, io_uring for very many.
public enum Transport {
  NIO,
  EPOLL,
  IO_URING;

  /// epoll where there is one.
  public static Transport best() {
    return EPOLL.isAvailable() ? EPOLL : NIO;
  }

  /// What drives a channel.
  static Transport of(Channel channel) {
    return switch (channel) {
      case EpollSocketChannel _ -> EPOLL;
      case IoUringSocketChannel _ -> IO_URING;
      default -> NIO; // An embedded one, too: it has no settings of TCP.
    };
  }

  public boolean isAvailable() {
    return switch (this) {
      case NIO -> true;
      case EPOLL -> Epoll.isAvailable();
      case IO_URING -> IoUring.isAvailable();
    };
  }

  /// The settings of TCP that only Linux transports have.
  List<TcpOption<?>> tcpOptions(int userTimeoutMillis, long notSentBytes) {
    return switch (this) {
      case NIO -> List.of();
      case EPOLL ->
          List.of(
              new TcpOption<>(EpollChannelOption.TCP_USER_TIMEOUT, userTimeoutMillis),
              new TcpOption<>(EpollChannelOption.TCP_NOTSENT_LOWAT, notSentBytes));
      case IO_URING ->
          List.of(
              new TcpOption<>(IoUringChannelOption.TCP_USER_TIMEOUT, userTimeoutMillis),
              new TcpOption<>(IoUringChannelOption.TCP_NOTSENT_LOWAT, notSentBytes));
    };
  }

  /// An option with its value.
  record TcpOption<T>(ChannelOption<T> option, T value) {
    void child(ServerBootstrap bootstrap) {
      bootstrap.childOption(option, value);
    }

    void own(Bootstrap bootstrap) {
      bootstrap.option(option, value);
    }

    void set(Channel channel) {
      channel.config().setOption(option, value);
    }
  }

  /// @param spin of a loop before it sleeps; zero for none
  IoHandlerFactory factory(Duration spin) {
    SelectStrategyFactory select =
        spin.isZero() ? DefaultSelectStrategyFactory.INSTANCE : SpinningSelect.of(spin);
    return switch (this) {
      case NIO -> NioIoHandler.newFactory(SelectorProvider.provider(), select);
      case EPOLL -> EpollIoHandler.newFactory(0, select);
      case IO_URING -> {
        Checks.argument(spin.isZero(), "loops of IO_URING cannot spin, expected no spin");
        yield IoUringIoHandler.newFactory();
      }
    };
  }

  Class<? extends ServerChannel> serverType() {
    return switch (this) {
      case NIO -> NioServerSocketChannel.class;
      case EPOLL -> EpollServerSocketChannel.class;
      case IO_URING -> IoUringServerSocketChannel.class;
    };
  }

  Class<? extends Channel> clientType() {
    return switch (this) {
      case NIO -> NioSocketChannel.class;
      case EPOLL -> EpollSocketChannel.class;
      case IO_URING -> IoUringSocketChannel.class;
    };
  }
}
