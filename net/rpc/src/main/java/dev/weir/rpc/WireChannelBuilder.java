package dev.weir.rpc;

import dev.weir.base.Checks;
import dev.weir.flow.Backoff;
import dev.weir.tls.PemFiles;
import dev.weir.wire.Transport;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireTls;
import io.grpc.ClientInterceptor;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolver;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Builds a [WireChannel]: what gRPC's own builders take, and the wire's loops and limits.
public final class WireChannelBuilder extends ManagedChannelBuilder<WireChannelBuilder> {
  /// As gRPC's own channels.
  private static final int DEFAULT_MAX_INBOUND_BYTES = 4 << 20;

  private final List<SocketAddress> addresses;
  private final List<ClientInterceptor> interceptors = new ArrayList<>();
  private @Nullable WireLoops loops;
  private @Nullable WireContext context;
  private @Nullable WireTls tls;
  private @Nullable Executor executor;
  private boolean isDirect;
  private String authority;
  private @Nullable String userAgent;
  private CompressorRegistry compressors = CompressorRegistry.getDefaultInstance();
  private DecompressorRegistry decompressors = DecompressorRegistry.getDefaultInstance();
  private int maxInboundBytes = DEFAULT_MAX_INBOUND_BYTES;
  private Backoff backoff = Backoff.STANDARD;
  private RandomGenerator random = RandomGenerator.getDefault();

  private WireChannelBuilder(List<SocketAddress> addresses, String authority) {
    this.addresses = List.copyOf(addresses);
    this.authority = authority;
  }

  /// A channel to one address.
  public static WireChannelBuilder to(SocketAddress address) {
    return to(List.of(address));
  }

  /// A channel to the first of several addresses that takes a connection: when one does not, the
  /// next is tried at once; after the last comes a wait. Each new connection begins with the first.
  /// An unresolved address stands for all that its name has at that moment.
  ///
  /// @param addresses in order of preference, 1 to 64
  public static WireChannelBuilder to(List<? extends SocketAddress> addresses) {
    Checks.range("addresses", addresses.size(), 1, 64);
    SocketAddress first = addresses.getFirst();
    String authority =
        first instanceof InetSocketAddress named
            ? named.getHostString() + ":" + named.getPort()
            : first.toString();
    return new WireChannelBuilder(List.copyOf(addresses), authority);
  }

  /// A channel to a host, looked up anew for each connection.
  public static WireChannelBuilder to(String host, int port) {
    return to(InetSocketAddress.createUnresolved(host, port));
  }

  /// Runs on loops that others use, too, and that their owner closes. Without: one of its own.
  public WireChannelBuilder loops(WireLoops shared) {
    loops = shared;
    return this;
  }

  /// The wire's limits, budget, counters and clock. Without: standard ones.
  public WireChannelBuilder context(WireContext shared) {
    context = shared;
    return this;
  }

  /// The waits between attempts to connect. Without: the standard ones.
  public WireChannelBuilder backoff(Backoff other, RandomGenerator seeded) {
    backoff = other;
    random = seeded;
    return this;
  }

  /// Listeners run on the connection's event loop and must not block.
  @Override
  public WireChannelBuilder directExecutor() {
    isDirect = true;
    return this;
  }

  @Override
  public WireChannelBuilder executor(@Nullable Executor other) {
    isDirect = false;
    executor = other;
    return this;
  }

  @Override
  public WireChannelBuilder intercept(List<ClientInterceptor> more) {
    interceptors.addAll(more);
    return this;
  }

  @Override
  public WireChannelBuilder intercept(ClientInterceptor... more) {
    return intercept(List.of(more));
  }

  @Override
  public WireChannelBuilder userAgent(@Nullable String name) {
    userAgent = name;
    return this;
  }

  @Override
  public WireChannelBuilder overrideAuthority(String other) {
    authority = other;
    return this;
  }

  /// What is done unless TLS is asked for.
  @Override
  public WireChannelBuilder usePlaintext() {
    tls = null;
    return this;
  }

  /// TLS to a server whose certificate names the host that is connected to, signed by whom the JDK
  /// trusts.
  @Override
  public WireChannelBuilder useTransportSecurity() {
    return tls(WireTls.client(new PemFiles(null, null, null)));
  }

  /// TLS as a caller has set it up: with another trust, or with a certificate to show; PemFiles of
  /// net/tls reads both.
  public WireChannelBuilder tls(WireTls security) {
    tls = security;
    return this;
  }

  /// @throws UnsupportedOperationException always: addresses are given
  @Override
  @Deprecated
  public WireChannelBuilder nameResolverFactory(NameResolver.Factory factory) {
    throw new UnsupportedOperationException("A wire channel has the addresses that it is given");
  }

  @Override
  public WireChannelBuilder decompressorRegistry(DecompressorRegistry registry) {
    decompressors = registry;
    return this;
  }

  @Override
  public WireChannelBuilder compressorRegistry(CompressorRegistry registry) {
    compressors = registry;
    return this;
  }

  /// Without effect: a call that the server cannot have seen is made once more in any case, and no
  /// other is.
  @Override
  public WireChannelBuilder enableRetry() {
    return this;
  }

  /// See [#enableRetry].
  @Override
  public WireChannelBuilder disableRetry() {
    return this;
  }

  /// Without effect: the connection stays until it is lost or the channel is shut down.
  @Override
  public WireChannelBuilder idleTimeout(long value, TimeUnit unit) {
    return this;
  }

  /// @param bytes 0 or more; at most what the wire's limits allow is ever taken
  @Override
  public WireChannelBuilder maxInboundMessageSize(int bytes) {
    maxInboundBytes = Checks.range("bytes", bytes, 0, Integer.MAX_VALUE);
    return this;
  }

  @Override
  public WireChannel build() {
    boolean isOwn = loops == null;
    WireLoops used = loops == null ? WireLoops.start("rpc", 1, Transport.best()) : loops;
    WireContext wire = secured(context == null ? standard() : context);
    ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    Executor listeners = executor == null ? blocking : executor;
    ChannelSettings settings =
        new ChannelSettings(
            isDirect ? null : listeners,
            blocking,
            used.timers(),
            wire.clock(),
            compressors,
            decompressors,
            maxInboundBytes,
            authority,
            userAgent,
            wire.security().tls() != null);
    Dialer dialer = new Dialer(settings, new WireConnector(used, wire), addresses, backoff, random);
    return new WireChannel(
        settings,
        dialer,
        interceptors,
        () -> {
          if (isOwn) {
            used.close();
          }
        });
  }

  private WireContext secured(WireContext wire) {
    return tls == null ? wire : wire.with(wire.security().with(tls));
  }

  private WireContext standard() {
    return Limits.holding(WireContext.of("rpc"), maxInboundBytes);
  }
}
