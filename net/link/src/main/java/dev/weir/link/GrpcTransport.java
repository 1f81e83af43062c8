package dev.weir.link;

import dev.weir.base.ByteSize;
import dev.weir.wire.Transport;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Event loops, and what runs on them: the gRPC channels and servers, with the settings that links
/// and clients share, and the connections of wire. Epoll where its library is there, else NIO.
///
/// Everything runs on the loops (`directExecutor`), so whatever a caller hangs on a channel or a
/// server must not block. Only names are resolved elsewhere, on virtual threads.
///
/// Any thread may use it; [#close] ends its threads.
public final class GrpcTransport implements AutoCloseable {
  /// 4 MiB: 400 MB/s at 10 ms from the first byte on; the estimator of grpc-java grows it to 8 MiB.
  /// Its default of 1 MiB makes a message of 1 MiB wait for half a round trip.
  static final int FLOW_CONTROL_WINDOW_BYTES = 4 << 20;

  /// The largest frame and the fields around it.
  public static final int MAX_MESSAGE_BYTES = (int) LinkClientConfig.MAX_FRAME_BYTES + (64 << 10);

  /// Netty caps each round of writing by the high mark; its default of 64 KiB costs large frames.
  private static final WriteBufferWaterMark WRITE_MARKS =
      new WriteBufferWaterMark(256 << 10, 1 << 20);

  /// 256 KiB: what the kernel takes beyond what is on the way. Its own bound is the send buffer of
  /// up to 4 MiB, behind which acks and heartbeats would wait: 0.8 s at 40 Mbit/s.
  private static final long NOT_SENT_BYTES = 256 << 10;

  /// 5 s: with it a failover to the next core is done within 10 s.
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  private static final Pattern BEARER = Pattern.compile("^[Bb]earer +");

  private static final int KEEP_ALIVE_SECONDS = 10;
  private static final int KEEP_ALIVE_TIMEOUT_SECONDS = 5;

  private final EventLoopGroup loops;
  private final boolean isEpoll;
  private final ExecutorService resolvers;
  private final WireLoops wireLoops;
  private volatile @Nullable Supplier<String> authorization;

  private GrpcTransport(String name, int loopCount) {
    this.isEpoll = Epoll.isAvailable();
    IoHandlerFactory factory = isEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.loops = new MultiThreadIoEventLoopGroup(loopCount, threads(name), factory);
    this.resolvers =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("weir-resolve-" + name).factory());
    this.wireLoops = WireLoops.on(loops, isEpoll ? Transport.EPOLL : Transport.NIO);
  }

  private static ThreadFactory threads(String name) {
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Thread thread =
          new FastThreadLocalThread(work, "weir-io-" + name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /// Starts the loops; their threads are `weir-io-NAME-N`.
  ///
  /// @param loopCount 1 for a client, one per core for a server
  public static GrpcTransport start(String name, int loopCount) {
    return new GrpcTransport(name, loopCount);
  }

  /// Has every call of the channels that follow show this as its `authorization`.
  ///
  /// @param header asked at each call, such as `Bearer TOKEN`
  public void authorize(Supplier<String> header) {
    authorization = header;
  }

  /// The same as wire shows it: a token by itself; none when nothing is shown.
  Optional<Supplier<String>> token() {
    return Optional.ofNullable(authorization)
        .map(header -> () -> BEARER.matcher(header.get()).replaceFirst(""));
  }

  /// A plaintext channel to one core. Retries and lookups of service configuration are off: whoever
  /// uses the channel decides when to try again.
  public NettyChannelBuilder channel(String host, int port) {
    Class<? extends SocketChannel> type =
        isEpoll ? EpollSocketChannel.class : NioSocketChannel.class;
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(host, port);
    Supplier<String> header = authorization;
    if (header != null) {
      builder.intercept(new ShownAuthorization(header));
    }
    if (isEpoll) {
      builder.withOption(EpollChannelOption.TCP_NOTSENT_LOWAT, NOT_SENT_BYTES);
    }
    return builder
        .eventLoopGroup(loops)
        .channelType(type)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
        .withOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
        .usePlaintext()
        .directExecutor()
        .offloadExecutor(resolvers)
        .disableRetry()
        .disableServiceConfigLookUp()
        .initialFlowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  /// A channel to a target, with TLS if its scheme asks for it.
  public NettyChannelBuilder channel(URI target, LinkTls tls) {
    NettyChannelBuilder channel = channel(target.getHost(), LinkClientConfig.port(target));
    return LinkScheme.require(target).isSecure()
        ? channel.useTransportSecurity().sslContext(tls.grpcClient())
        : channel;
  }

  /// A server without its services; the caller may still set a protocol negotiator. A server that
  /// carries links needs [LinkServer#tracerFactory] as well.
  ///
  /// @param maxMessage the largest gRPC message, at most [#MAX_MESSAGE_BYTES] is ever needed
  public NettyServerBuilder server(SocketAddress address, ByteSize maxMessage) {
    Class<? extends ServerChannel> type =
        isEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    NettyServerBuilder builder = NettyServerBuilder.forAddress(address);
    if (isEpoll) {
      builder.withChildOption(EpollChannelOption.TCP_NOTSENT_LOWAT, NOT_SENT_BYTES);
    }
    return builder
        .bossEventLoopGroup(loops)
        .workerEventLoopGroup(loops)
        .channelType(type)
        .withChildOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
        .directExecutor()
        .initialFlowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
        .maxInboundMessageSize(maxMessage.intBytes())
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveTime(KEEP_ALIVE_SECONDS / 2, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true);
  }

  /// A server channel that runs on the loops, for owners who hang a handler of their own on it.
  public ServerChannel serverChannel() {
    return isEpoll ? new EpollServerSocketChannel() : new NioServerSocketChannel();
  }

  /// Makes connections of wire.
  WireConnector connector(WireContext context) {
    return new WireConnector(wireLoops, context);
  }

  /// For what blocks while a name is looked up.
  Executor resolvers() {
    return resolvers;
  }

  /// The loops as wire takes them, for a server of it; not to be closed.
  public WireLoops wireLoops() {
    return wireLoops;
  }

  /// The loops, for timers that belong to whoever shares them.
  public Executor loops() {
    return loops;
  }

  /// Ends the threads; channels and servers on them must have been shut down. Idempotent.
  @Override
  public void close() {
    resolvers.shutdownNow();
    wireLoops.close();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
