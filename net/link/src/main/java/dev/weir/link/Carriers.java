package dev.weir.link;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLimits;
import dev.weir.wire.WireSecurity;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.zip.CRC32C;

/// Makes the carriers of one link, by the scheme of the target. Owned by the link's duty thread;
/// what it hands out runs on event loops.
final class Carriers {
  /// 64 KiB, the least that wire allows: acks are gathered per commit, and what waits for the duty
  /// thread stays bounded.
  static final long RESPONSE_WINDOW_BYTES = 64 << 10;

  /// By which a router finds the node of a stream (hub/router).
  private static final String ROUTE = "weir-route";

  private final LinkClientConfig config;
  private final GrpcTransport transport;
  private final Ways ways;
  private final OpenRequest request;
  private final WireContext context;

  Carriers(LinkClientConfig config, GrpcTransport transport, Clock clock) {
    this.config = config;
    this.transport = transport;
    this.ways = new Ways(clock);
    this.request = OpenRequest.of(LinkServer.WIRE_METHOD).with(route(config.source().agent()));
    this.context = WireContext.of(config.source().agent()).with(limits(config.connectTimeout()));
  }

  /// All streams of an agent go to one node: it knows what is durable.
  private static Metadata route(String agent) {
    CRC32C hash = new CRC32C();
    hash.update(Bytes.utf8(agent).buffer());
    ByteBuffer value = ByteBuffer.allocate(Long.BYTES).putLong(0, hash.getValue());
    return new Metadata(List.of(new Metadata.Entry(ROUTE, Bytes.wrap(value.array()))));
  }

  /// The queue takes the largest frame beside what is below its half; a handshake leaves half the
  /// time to connect for gRPC.
  private static WireLimits limits(Duration connectTimeout) {
    Duration half = connectTimeout.dividedBy(2);
    Duration least = Duration.ofMillis(10);
    return WireLimits.STANDARD
        .withMessage(new ByteSize(GrpcTransport.MAX_MESSAGE_BYTES))
        .withWindows(new ByteSize(RESPONSE_WINDOW_BYTES), ByteSize.ofMebibytes(2))
        .withQueue(new ByteSize(2L * GrpcTransport.MAX_MESSAGE_BYTES))
        .withHandshake(half.compareTo(least) < 0 ? least : half);
  }

  /// A carrier that is yet to begin.
  Carrier make(URI target, CarrierListener listener) {
    return switch (LinkScheme.require(target).binding()) {
      case GRPC -> grpc(target, listener);
      case WIRE -> wire(target, listener);
      case EITHER ->
          EitherCarrier.make(
              ways,
              target.getScheme() + "://" + target.getAuthority(),
              listener,
              own -> wire(target, own),
              own -> grpc(target, own));
    };
  }

  private Carrier grpc(URI target, CarrierListener listener) {
    return new GrpcCarrier(transport.channel(target, config.tls()).build(), listener);
  }

  private WireCarrier wire(URI target, CarrierListener listener) {
    WireSecurity plain =
        transport.token().map(WireSecurity.NONE::withToken).orElse(WireSecurity.NONE);
    WireSecurity security =
        LinkScheme.require(target).isSecure() ? plain.with(config.tls().wireClient()) : plain;
    WireConnector connector = transport.connector(context.with(security));
    return new WireCarrier(request, listener, handler -> connect(connector, target, handler));
  }

  private CompletionStage<WireConnection> connect(
      WireConnector connector, URI target, ConnectionHandler handler) {
    int port = LinkClientConfig.port(target);
    return CompletableFuture.supplyAsync(
            () -> new InetSocketAddress(target.getHost(), port), transport.resolvers())
        .thenCompose(address ->
            address.isUnresolved()
                ? CompletableFuture.failedStage(
                    new WeirException(
                        ErrorCode.UNREACHABLE, "The host " + target.getHost() + " is not known."))
                : connector.connect(address, handler));
  }
}
