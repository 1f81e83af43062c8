package dev.weir.link;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.flow.FlowCounters;
import dev.weir.proto.DataSinkGrpc;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.WireService;
import dev.weir.wire.WireStream;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/// The receiving end of links in front of a store: the gRPC services `DataSink` and
/// `weir.v1.DataSink`, and the same contract as streams of wire.
///
/// It has no threads of its own: each stream lives on the event loop of its connection, so the gRPC
/// services must be served by grpc-netty with `directExecutor`. Any thread may call the methods
/// here.
public final class LinkServer implements AutoCloseable {
  /// The method of wire streams that carry a link.
  public static final String WIRE_METHOD = "link/2";

  private final ServerContext context;
  private final Set<SendStream> streams = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean isDraining = new AtomicBoolean();

  public LinkServer(LinkServerConfig config, LinkStore store, Clock clock) {
    this.context =
        new ServerContext(
            config,
            store,
            clock,
            new FlowCounters(),
            new ByteBudget(config.budget().bytes()),
            new ServerCounters(),
            new DictionaryQuota(clock),
            new SessionRegistry(),
            new AtomicInteger(),
            new AtomicLong());
  }

  /// What to serve over gRPC.
  public List<ServerServiceDefinition> services() {
    MethodDescriptor<Request, Response> published = lean(DataSinkGrpc.getSendMethod());
    MethodDescriptor<Request, Response> send = lean(dev.weir.proto.v1.DataSinkGrpc.getSendMethod());
    MethodDescriptor<Request, Response> put = lean(dev.weir.proto.v1.DataSinkGrpc.getPutMethod());
    return List.of(
        ServerServiceDefinition.builder(
                described(DataSinkGrpc.getServiceDescriptor(), List.of(published)))
            .addMethod(published, ServerCalls.asyncBidiStreamingCall(this::send))
            .build(),
        ServerServiceDefinition.builder(
                described(
                    dev.weir.proto.v1.DataSinkGrpc.getServiceDescriptor(), List.of(send, put)))
            .addMethod(send, ServerCalls.asyncBidiStreamingCall(this::send))
            .addMethod(put, ServerCalls.asyncUnaryCall(this::put))
            .build());
  }

  /// The generated service with methods of our own, so that reflection still finds its schema.
  private static ServiceDescriptor described(
      ServiceDescriptor generated, List<MethodDescriptor<?, ?>> methods) {
    ServiceDescriptor.Builder builder =
        ServiceDescriptor.newBuilder(generated.getName())
            .setSchemaDescriptor(generated.getSchemaDescriptor());
    methods.forEach(builder::addMethod);
    return builder.build();
  }

  /// To be added to the server that serves them. Without it a frame that crosses a slow link for
  /// longer than two heartbeats is taken for a stalled one.
  public ServerStreamTracer.Factory tracerFactory() {
    return GrpcMeter.serverFactory();
  }

  /// What to serve over wire, as [#WIRE_METHOD].
  public WireService wireService() {
    return wireService((_, _) -> context.store().opened());
  }

  /// As above, for clients of whom each may use the store in its own way.
  ///
  /// @param opened the store as the client of a stream may use it, asked on its event loop
  public WireService wireService(BiFunction<WireStream, OpenRequest, LinkStore> opened) {
    return (stream, request) -> {
      ServerContext own = context.with(opened.apply(stream, request));
      return WireReturnPath.open(stream, path -> open(own, path, stream.connection().loop()));
    };
  }

  private static MethodDescriptor<Request, Response> lean(
      MethodDescriptor<Request, Response> method) {
    return method.toBuilder().setRequestMarshaller(new RequestMarshaller()).build();
  }

  private StreamObserver<Request> send(StreamObserver<Response> responses) {
    EventExecutor loop = Loops.current();
    if (loop == null) {
      responses.onError(
          LinkStatus.grpc(
                  new WeirException(
                      ErrorCode.BUG, "The service is not served by Netty with directExecutor."))
              .asRuntimeException());
      return new IgnoredRequests();
    }
    return GrpcReturnPath.open(
        (ServerCallStreamObserver<Response>) responses, path -> open(context.opened(), path, loop));
  }

  private SendStream open(ServerContext own, ReturnPath path, EventExecutor loop) {
    context.openStreams().incrementAndGet();
    SendStream stream =
        SendStream.open(
            own,
            path,
            loop,
            over -> {
              ended(over);
              own.store().closed();
            });
    streams.add(stream);
    if (isDraining.get()) {
      stream.drain(context.clock().nanoTime());
    }
    return stream;
  }

  private void ended(SendStream stream) {
    streams.remove(stream);
    context.openStreams().decrementAndGet();
  }

  private void put(Request request, StreamObserver<Response> answer) {
    ServerContext own = context.opened();
    PutCall.serve(own, request, answer);
    own.store().closed();
  }

  public LinkServerStats stats() {
    return context.counters().snapshot(context.budget().queuedBytes());
  }

  /// How often each cell of the machines was entered.
  public FlowCounters flowCounters() {
    return context.flow();
  }

  /// Asks all clients to finish and go, takes no new ones, and waits until they have gone.
  ///
  /// @param deadline after which the streams that are left are closed
  public void drain(Duration deadline) {
    isDraining.set(true);
    long deadlineNanos = context.clock().nanoTime() + deadline.toNanos();
    streams.forEach(stream -> stream.drain(deadlineNanos));
    try {
      while (!streams.isEmpty() && context.clock().nanoTime() - deadlineNanos < 0) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Closes all streams. What the store has taken is still stored. Idempotent.
  @Override
  public void close() {
    isDraining.set(true);
    long nowNanos = context.clock().nanoTime();
    streams.forEach(stream -> stream.drain(nowNanos));
  }

  /// For a call that was refused at its opening.
  private static final class IgnoredRequests implements StreamObserver<Request> {
    @Override
    public void onNext(Request request) {
      // The call is over.
    }

    @Override
    public void onError(Throwable failure) {
      // The call is over.
    }

    @Override
    public void onCompleted() {
      // The call is over.
    }
  }
}
