package dev.weir.rpc;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StreamTracer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Tells the tracers of one call, if it has any, of its messages and its end.
final class Tracers {
  static final Tracers NONE = new Tracers(List.of());

  private final List<? extends StreamTracer> tracers;
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private int outbound;
  private int inbound;

  Tracers(List<? extends StreamTracer> tracers) {
    this.tracers = tracers;
  }

  /// The tracers that a client's call asks for; they may add to its headers.
  static Tracers ofClient(CallOptions options, Attributes attributes, Metadata headers) {
    List<ClientStreamTracer.Factory> factories = options.getStreamTracerFactories();
    if (factories.isEmpty()) {
      return NONE;
    }
    StreamInfo info = StreamInfo.newBuilder().setCallOptions(options).build();
    List<ClientStreamTracer> made = new ArrayList<>();
    for (ClientStreamTracer.Factory factory : factories) {
      made.add(factory.newClientStreamTracer(info, headers));
    }
    made.forEach(tracer -> tracer.streamCreated(attributes, headers));
    return new Tracers(made);
  }

  /// What a server's tracers add to the context of a call.
  static Context filter(List<ServerStreamTracer> tracers, Context root) {
    Context context = root;
    for (ServerStreamTracer tracer : tracers) {
      context = tracer.filterContext(context);
    }
    return context;
  }

  /// A server's call begins.
  <Q, A> void callStarted(ServerCall<Q, A> call) {
    for (StreamTracer tracer : tracers) {
      if (tracer instanceof ServerStreamTracer server) {
        server.serverCallStarted(new CallInfo<>(call));
      }
    }
  }

  private static final class CallInfo<Q, A> extends ServerStreamTracer.ServerCallInfo<Q, A> {
    private final ServerCall<Q, A> call;

    CallInfo(ServerCall<Q, A> call) {
      this.call = call;
    }

    @Override
    public MethodDescriptor<Q, A> getMethodDescriptor() {
      return call.getMethodDescriptor();
    }

    @Override
    public Attributes getAttributes() {
      return call.getAttributes();
    }

    @Override
    public @Nullable String getAuthority() {
      return call.getAuthority();
    }
  }

  void headersSent() {
    for (StreamTracer tracer : tracers) {
      if (tracer instanceof ClientStreamTracer client) {
        client.outboundHeaders();
      }
    }
  }

  void headersReceived(Metadata headers) {
    for (StreamTracer tracer : tracers) {
      if (tracer instanceof ClientStreamTracer client) {
        client.inboundHeaders(headers);
      }
    }
  }

  void trailersReceived(Metadata trailers) {
    for (StreamTracer tracer : tracers) {
      if (tracer instanceof ClientStreamTracer client) {
        client.inboundTrailers(trailers);
      }
    }
  }

  /// One message was sent. Whoever sends.
  void sent(long wireBytes, long messageBytes) {
    int number = outbound++;
    for (StreamTracer tracer : tracers) {
      tracer.outboundMessage(number);
      tracer.outboundMessageSent(number, wireBytes, messageBytes);
      tracer.outboundWireSize(wireBytes);
      tracer.outboundUncompressedSize(messageBytes);
    }
  }

  /// One message came. Whoever hands over.
  void received(long wireBytes, long messageBytes) {
    int number = inbound++;
    for (StreamTracer tracer : tracers) {
      tracer.inboundMessage(number);
      tracer.inboundMessageRead(number, wireBytes, messageBytes);
      tracer.inboundWireSize(wireBytes);
      tracer.inboundUncompressedSize(messageBytes);
    }
  }

  /// The call is over; only the first word counts. Any thread.
  void closed(Status status) {
    if (!tracers.isEmpty() && isClosed.compareAndSet(false, true)) {
      for (StreamTracer tracer : tracers) {
        tracer.streamClosed(status);
      }
    }
  }
}
