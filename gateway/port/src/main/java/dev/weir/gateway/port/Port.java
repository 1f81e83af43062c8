package dev.weir.gateway.port;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.grpc.Server;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The one listener of a node: gRPC, HTTP/1.1 and wire on the same port, plain or over TLS, told
/// apart by a connection's first bytes (see [FirstBytes]).
///
/// Services run on the event loops and must not block. Any thread may call the methods here.
public final class Port implements AutoCloseable {
  /// Large enough for 300 MB/s at 10 ms; grpc-java's own estimator grows it on longer paths.
  private static final int INITIAL_WINDOW_BYTES = 4 << 20;

  /// Edges probe a quiet path; more often than this is abuse.
  private static final int PERMITTED_KEEPALIVE_SECONDS = 5;

  /// A reader that vanished is noticed within 20 s.
  private static final int KEEPALIVE_SECONDS = 10;

  /// Netty caps each round of writing by the high mark; its default of 64 KiB costs large frames.
  private static final WriteBufferWaterMark WRITE_MARKS =
      new WriteBufferWaterMark(256 << 10, 1 << 20);

  /// Resets of streams within a minute after which a connection is cut (CVE-2023-44487); a client
  /// that cancels its calls stays far below it.
  private static final int MAX_RESETS = 1_000;

  /// A token of 8 KiB, and as much of other metadata.
  static final int MAX_HEADER_BYTES = 16 << 10;

  private static final int BACKLOG = 1_024;

  private final Server server;
  private final EventLoops loops;
  private final Doors doors;
  private final Terms terms;
  private final UnfinishedMessages unfinished;
  private final int number;

  private Port(
      Server server, EventLoops loops, Doors doors, Terms terms, UnfinishedMessages unfinished) {
    this.server = server;
    this.loops = loops;
    this.doors = doors;
    this.terms = terms;
    this.unfinished = unfinished;
    this.number = server.getPort();
  }

  /// Listens.
  ///
  /// @throws WeirException with ADDRESS_IN_USE when the address is taken, CONFIG_INVALID when the
  ///   host is none of this machine's
  public static Port start(PortConfig config, PortServices services) {
    InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
    if (address.isUnresolved()) {
      throw new WeirException(
          ErrorCode.CONFIG_INVALID, "The host '" + config.host() + "' is not known.");
    }
    PortLimits limits = config.limits();
    EventLoops loops = EventLoops.start();
    Admissions admissions = new Admissions(limits, Clock.SYSTEM, services.connections());
    HttpDoor operations = new HttpDoor(services.routes(), limits);
    Doors doors =
        new Doors(
            operations,
            services.http() == null ? operations::open : services.http(),
            services.wire());
    Terms terms = new Terms(admissions, tlsDoor(config.tls()), config.proxies(), limits);
    Negotiator negotiator = new Negotiator(doors, terms);
    NettyServerBuilder builder = builder(address, limits, loops, negotiator);
    UnfinishedMessages unfinished = new UnfinishedMessages();
    builder.addStreamTracerFactory(unfinished);
    services.tracers().forEach(builder::addStreamTracerFactory);
    Server server = builder.addServices(services.grpc()).build();
    try {
      server.start();
      return new Port(server, loops, doors, terms, unfinished);
    } catch (IOException e) {
      server.shutdownNow();
      doors.close();
      terms.close();
      loops.close();
      throw refusedAddress(config, e);
    }
  }

  /// In order of preference. A browser that offers `http/1.1` and `h2` gets the former: behind
  /// HTTP/2 there is gRPC alone, whose clients offer nothing else.
  private static @Nullable TlsDoor tlsDoor(@Nullable PortTls tls) {
    return tls == null ? null : new TlsDoor(tls, Protocol.WIRE, Protocol.HTTP1, Protocol.GRPC);
  }

  private static NettyServerBuilder builder(
      InetSocketAddress address, PortLimits limits, EventLoops loops, ProtocolNegotiator sniffing) {
    return NettyServerBuilder.forAddress(address)
        .channelType(loops.type())
        .bossEventLoopGroup(loops.accept())
        .workerEventLoopGroup(loops.io())
        .directExecutor()
        .protocolNegotiator(sniffing)
        .withOption(ChannelOption.SO_BACKLOG, BACKLOG)
        .withChildOption(ChannelOption.TCP_NODELAY, true)
        .withChildOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
        // Twice: the sniffer's own deadline comes first and says why.
        .handshakeTimeout(2 * limits.handshake().toMillis(), TimeUnit.MILLISECONDS)
        .initialFlowControlWindow(INITIAL_WINDOW_BYTES)
        .maxInboundMessageSize(limits.message().intBytes())
        .maxInboundMetadataSize(MAX_HEADER_BYTES)
        .maxConcurrentCallsPerConnection(limits.callsPerConnection())
        .maxRstFramesPerWindow(MAX_RESETS, 60)
        .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveTime(PERMITTED_KEEPALIVE_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true);
  }

  private static WeirException refusedAddress(PortConfig config, IOException cause) {
    String where = config.host() + ":" + config.port();
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String detail = String.valueOf(root.getMessage());
    return detail.contains("in use")
        ? new WeirException(ErrorCode.ADDRESS_IN_USE, where + " is taken.", cause)
        : new WeirException(
            ErrorCode.CONFIG_INVALID, "Cannot listen on " + where + ": " + detail + ".", cause);
  }

  /// The port that is listened on, also when 0 was asked for.
  public int port() {
    return number;
  }

  public PortStats stats() {
    return terms.admissions().stats().with(unfinished);
  }

  /// Stops listening, tells gRPC clients to go elsewhere, lets their calls end for the drain time,
  /// then cuts them. Idempotent; never throws.
  @Override
  public void close() {
    server.shutdown();
    terms.admissions().close();
    try {
      if (!server.awaitTermination(terms.limits().drain().toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
        server.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException _) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    doors.close();
    terms.close();
    loops.close();
  }

  /// Puts an [Entrance] in front of every connection.
  private record Negotiator(Doors doors, Terms terms) implements ProtocolNegotiator {
    @Override
    public AsciiString scheme() {
      return AsciiString.of(terms.tls() == null ? "http" : "https");
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
      return new Entrance(new Handover(grpc, doors), terms);
    }

    @Override
    public void close() {}
  }

  /// Makes way for the sniffer of a connection once there is a channel.
  private static final class Entrance extends ChannelInboundHandlerAdapter {
    private final Onward onward;
    private final Terms terms;

    Entrance(Onward onward, Terms terms) {
      this.onward = onward;
      this.terms = terms;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      Arrival arrival = new Arrival(ctx.channel(), terms.admissions());
      ctx.pipeline().replace(this, null, Sniffer.arrived(onward, terms, arrival));
    }
  }
}
