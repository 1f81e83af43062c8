package dev.weir.edge.source.otlp;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.SourceState;
import dev.weir.edge.source.SourceStats;
import dev.weir.link.GrpcTransport;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// OTLP over gRPC: logs, metrics and traces, stored as they come. Bytes are moved by one event loop
/// of the source's own, `weir-io-NAME-1`; each call runs on virtual threads, `weir-source-NAME-N`,
/// and may block.
///
/// Ack rule: OK is answered when the request is on disk, and not before. When that cannot be, the
/// client keeps it and is told so: RESOURCE_EXHAUSTED with `RetryInfo` when the spool or its disk
/// is full (nothing was stored), UNAVAILABLE when the fsync did not come in time (it may still be
/// stored, and is stored twice when sent again: OTLP has no identity of requests). What no reader
/// could decode is INVALID_ARGUMENT, what is too large RESOURCE_EXHAUSTED without `RetryInfo`.
public final class OtlpSource implements Source {
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  /// HTTP/2 asks for at least 100 (RFC 9113 §6.5.2); exporters use one to three.
  private static final int MAX_CALLS_PER_CONNECTION = 100;

  /// Bytes of a connection that no call has asked for yet: what a refused call may have sent.
  private static final int WINDOW_BYTES = 1 << 20;

  /// A file each, of the process's limit.
  private static final int MAX_CONNECTIONS = 1024;

  /// Clients that reset calls as fast as they open them (CVE-2023-44487) are closed.
  private static final int MAX_RESETS_PER_MINUTE = 200;

  /// For the first bytes of a connection, as the core's port.
  private static final int HANDSHAKE_SECONDS = 10;

  private static final int IDLE_MINUTES = 15;

  private final OtlpConfig config;
  private final SourceMeter meter;
  private final GrpcTransport transport;
  private final ExecutorService calls;
  private final OtlpExports exports;
  private final Server server;

  /// Takes the address; nothing is answered before [#start].
  ///
  /// @throws WeirException with ADDRESS_IN_USE or USAGE when the address cannot be had
  public OtlpSource(OtlpConfig config, SourceContext context) {
    this.config = config;
    this.meter = new SourceMeter(config.name(), "otlp", SourceFault.CONNECTION_LIMIT);
    this.transport = GrpcTransport.start(config.name(), 1);
    this.calls =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("weir-source-" + config.name() + "-", 0).factory());
    this.exports = new OtlpExports(config, context, meter, calls);
    boolean isBound = false;
    try {
      this.server = bind();
      isBound = true;
    } finally {
      if (!isBound) {
        calls.shutdownNow();
        transport.close();
      }
    }
  }

  @Override
  public OptionalInt port() {
    return OptionalInt.of(server.getPort());
  }

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public void start() {
    meter.state(SourceState.RUNNING);
    exports.open();
  }

  @Override
  public SourceStats stats() {
    return meter.stats();
  }

  /// Calls under way are answered first, within five seconds; new ones find no connection.
  @Override
  public void close() {
    meter.state(SourceState.CLOSED);
    server.shutdown();
    try {
      long waitNanos = Math.min(config.limits().ackTimeout().toNanos(), CLOSE_WAIT.toNanos());
      if (!server.awaitTermination(waitNanos, TimeUnit.NANOSECONDS)) {
        server.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    calls.shutdownNow();
    transport.close();
  }

  private Server bind() {
    ConnectionLimit limit = new ConnectionLimit(MAX_CONNECTIONS, meter);
    NettyServerBuilder builder =
        transport
            .server(config.listen(), config.limits().maxBody())
            .channelFactory(() -> limit.on(transport.serverChannel()))
            .executor(calls)
            .flowControlWindow(WINDOW_BYTES)
            .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
            .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
            .maxRstFramesPerWindow(MAX_RESETS_PER_MINUTE, 60)
            .maxConnectionIdle(IDLE_MINUTES, TimeUnit.MINUTES)
            .decompressorRegistry(
                DecompressorRegistry.getDefaultInstance().with(new ZstdDecompressor(), true))
            .addStreamTracerFactory(exports.tracerFactory());
    exports.services().forEach(builder::addService);
    try {
      return builder.build().start();
    } catch (IOException e) {
      throw refusedAddress(e);
    }
  }

  private WeirException refusedAddress(IOException cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String detail = String.valueOf(root.getMessage());
    return detail.contains("in use")
        ? new WeirException(
            ErrorCode.ADDRESS_IN_USE, config.listen() + " cannot be listened on.", cause)
        : new WeirException(ErrorCode.USAGE, config.listen() + ": " + detail, cause);
  }
}
