package dev.weir.rpc;

import dev.weir.base.Checks;
import dev.weir.tls.PemFiles;
import dev.weir.wire.Transport;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireTls;
import io.grpc.BindableService;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.HandlerRegistry;
import io.grpc.ServerBuilder;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import java.io.File;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Builds an [RpcServer]: what gRPC's own builders take, and the wire's loops and limits.
public final class RpcServerBuilder extends ServerBuilder<RpcServerBuilder> {
  /// As gRPC's own servers.
  private static final int DEFAULT_MAX_INBOUND_BYTES = 4 << 20;

  private final InetSocketAddress address;
  private final List<ServerServiceDefinition> services = new ArrayList<>();
  private final List<ServerInterceptor> interceptors = new ArrayList<>();
  private final List<ServerStreamTracer.Factory> tracers = new ArrayList<>();
  private @Nullable WireLoops loops;
  private @Nullable WireContext context;
  private @Nullable WireTls tls;
  private @Nullable Executor executor;
  private @Nullable HandlerRegistry fallback;
  private boolean isDirect;
  private CompressorRegistry compressors = CompressorRegistry.getDefaultInstance();
  private DecompressorRegistry decompressors = DecompressorRegistry.getDefaultInstance();
  private int maxInboundBytes = DEFAULT_MAX_INBOUND_BYTES;

  private RpcServerBuilder(InetSocketAddress address) {
    this.address = address;
  }

  /// A server on an address; port 0 takes a free one.
  public static RpcServerBuilder on(InetSocketAddress address) {
    return new RpcServerBuilder(address);
  }

  /// Runs on loops that others use, too, and that their owner closes. Without: one of its own.
  public RpcServerBuilder loops(WireLoops shared) {
    loops = shared;
    return this;
  }

  /// The wire's limits, budget, counters and clock. Without: standard ones.
  public RpcServerBuilder context(WireContext shared) {
    context = shared;
    return this;
  }

  /// Handlers run on the connection's event loop and must not block.
  @Override
  public RpcServerBuilder directExecutor() {
    isDirect = true;
    return this;
  }

  @Override
  public RpcServerBuilder executor(@Nullable Executor other) {
    isDirect = false;
    executor = other;
    return this;
  }

  @Override
  public RpcServerBuilder addService(ServerServiceDefinition service) {
    services.add(service);
    return this;
  }

  @Override
  public RpcServerBuilder addService(BindableService service) {
    return addService(service.bindService());
  }

  @Override
  public RpcServerBuilder intercept(ServerInterceptor interceptor) {
    interceptors.add(interceptor);
    return this;
  }

  @Override
  public RpcServerBuilder addStreamTracerFactory(ServerStreamTracer.Factory factory) {
    tracers.add(factory);
    return this;
  }

  @Override
  public RpcServerBuilder fallbackHandlerRegistry(@Nullable HandlerRegistry registry) {
    fallback = registry;
    return this;
  }

  /// TLS with a certificate and its key from PEM files, read once; clients need none.
  ///
  /// @param chain the server's certificate, its own first
  /// @param key its private key, PKCS #8 without a password
  /// @throws dev.weir.base.WeirException CONFIG_ENVIRONMENT when a file cannot be used, naming it
  @Override
  public RpcServerBuilder useTransportSecurity(File chain, File key) {
    return tls(
        WireTls.server(
            new PemFiles(chain.toPath(), key.toPath(), null), WireTls.ClientCertificates.NONE));
  }

  /// TLS as a caller has set it up: with certificates of clients, with keys that are replaced.
  public RpcServerBuilder tls(WireTls security) {
    tls = security;
    return this;
  }

  @Override
  public RpcServerBuilder decompressorRegistry(@Nullable DecompressorRegistry registry) {
    decompressors = registry == null ? DecompressorRegistry.getDefaultInstance() : registry;
    return this;
  }

  @Override
  public RpcServerBuilder compressorRegistry(@Nullable CompressorRegistry registry) {
    compressors = registry == null ? CompressorRegistry.getDefaultInstance() : registry;
    return this;
  }

  /// @param bytes 0 or more; at most what the wire's limits allow is ever taken
  @Override
  public RpcServerBuilder maxInboundMessageSize(int bytes) {
    maxInboundBytes = Checks.range("bytes", bytes, 0, Integer.MAX_VALUE);
    return this;
  }

  private WireContext secured(WireContext wire) {
    return tls == null ? wire : wire.with(wire.security().with(tls));
  }

  @Override
  public RpcServer build() {
    boolean isOwn = loops == null;
    WireLoops used = loops == null ? WireLoops.start("rpc-server", 1, Transport.best()) : loops;
    WireContext wire =
        secured(context == null ? Limits.holding(WireContext.of("rpc"), maxInboundBytes) : context);
    Executor handlers = executor == null ? Executors.newVirtualThreadPerTaskExecutor() : executor;
    ServerSettings settings =
        new ServerSettings(
            isDirect ? null : handlers,
            used.timers(),
            compressors,
            decompressors,
            maxInboundBytes,
            List.copyOf(tracers));
    return new RpcServer(
        settings,
        new Methods(services, interceptors, fallback),
        used,
        wire,
        address,
        () -> {
          if (isOwn) {
            used.close();
          }
        });
  }
}
