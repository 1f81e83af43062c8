package dev.weir.rpc;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireIdentity;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireServer;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Serves gRPC services over wire. Any thread.
public final class RpcServer extends Server {
  /// Who the client is, among the attributes of a call on the server: the owner of the certificate
  /// or of the token that it has shown, or nobody in particular.
  @SuppressWarnings("deprecation") // Its replacement is for packages of gRPC alone.
  public static final Attributes.Key<WireIdentity> CLIENT = Attributes.Key.create("weir-client");

  private final ServerSettings settings;
  private final Methods methods;
  private final WireLoops loops;
  private final WireContext context;
  private final InetSocketAddress address;
  private final Runnable onTerminated;
  private final Set<WireConnection> connections = ConcurrentHashMap.newKeySet();
  private final Set<SharedCalls> shared = ConcurrentHashMap.newKeySet();
  private final AtomicLong streams = new AtomicLong();
  private final CountDownLatch terminated = new CountDownLatch(1);
  private volatile @Nullable WireServer listener;
  private volatile boolean isShutdown;

  RpcServer(
      ServerSettings settings,
      Methods methods,
      WireLoops loops,
      WireContext context,
      InetSocketAddress address,
      Runnable onTerminated) {
    this.settings = settings;
    this.methods = methods;
    this.loops = loops;
    this.context = context;
    this.address = address;
    this.onTerminated = onTerminated;
  }

  @Override
  public synchronized RpcServer start() throws IOException {
    if (listener != null || isShutdown) {
      throw new IllegalStateException("The server was started before");
    }
    try {
      listener = WireServer.start(loops, context, address, () -> new ServerConnection(this));
    } catch (WeirException e) {
      if (e.code() == ErrorCode.ADDRESS_IN_USE) {
        throw new IOException(e.getMessage(), e);
      }
      throw e;
    }
    return this;
  }

  Methods methods() {
    return methods;
  }

  WireServerCall<?, ?> call(ServerMethodDefinition<?, ?> method, CallFacts facts, Answer answer) {
    return new WireServerCall<>(settings, method, facts, answer);
  }

  /// A call came that nobody serves.
  void refused(String method, Metadata headers, Status status) {
    List<ServerStreamTracer> tracers = settings.newTracers(method, headers);
    var _ = Tracers.filter(tracers, Context.ROOT);
    new Tracers(tracers).closed(status);
  }

  /// A stream is served; the server does not end before it does.
  void began() {
    streams.incrementAndGet();
  }

  /// A stream with many calls is served.
  void began(SharedCalls calls) {
    began();
    shared.add(calls);
    if (isShutdown) {
      calls.drain();
    }
  }

  void ended() {
    if (streams.decrementAndGet() == 0 && isShutdown) {
      closeConnections();
    }
  }

  void ended(SharedCalls calls) {
    shared.remove(calls);
    ended();
  }

  void opened(WireConnection connection) {
    connections.add(connection);
    if (isShutdown && streams.get() == 0) {
      connection.close();
    }
  }

  void closed(WireConnection connection) {
    connections.remove(connection);
    endIfClosed();
  }

  @Override
  public int getPort() {
    WireServer known = listener;
    return known == null ? -1 : known.port();
  }

  @Override
  public List<SocketAddress> getListenSockets() {
    int port = getPort();
    return port < 0 ? List.of() : List.of(new InetSocketAddress(address.getAddress(), port));
  }

  @Override
  public List<ServerServiceDefinition> getServices() {
    return methods.services();
  }

  @Override
  public List<ServerServiceDefinition> getImmutableServices() {
    return methods.services();
  }

  /// Takes no more connections and calls; what was begun goes on, then its connections are closed.
  @Override
  public RpcServer shutdown() {
    isShutdown = true;
    WireServer known = listener;
    if (known != null) {
      known.stopListening();
    }
    shared.forEach(SharedCalls::drain);
    if (streams.get() == 0) {
      closeConnections();
    }
    return this;
  }

  /// Ends every connection at once; calls fail as UNAVAILABLE.
  @Override
  public RpcServer shutdownNow() {
    shutdown();
    closeConnections();
    return this;
  }

  private void closeConnections() {
    connections.forEach(WireConnection::close);
    endIfClosed();
  }

  private void endIfClosed() {
    if (isShutdown && connections.isEmpty() && terminated.getCount() > 0) {
      // Closing loops waits for them, so one of them must not do it.
      Thread.ofVirtual().start(this::end);
    }
  }

  private void end() {
    WireServer known = listener;
    if (known != null) {
      known.close();
    }
    onTerminated.run();
    terminated.countDown();
  }

  @Override
  public boolean isShutdown() {
    return isShutdown;
  }

  @Override
  public boolean isTerminated() {
    return terminated.getCount() == 0;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return terminated.await(timeout, unit);
  }

  @Override
  public void awaitTermination() throws InterruptedException {
    terminated.await();
  }
}
