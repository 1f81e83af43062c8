package dev.weir.link;

import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the bytes of a call's messages as they arrive, parts of a message included, without
/// gRPC's own framing (see [ReturnPath#receivedBytes]). Written by the stream's event loop, read by
/// any thread.
final class GrpcMeter {
  /// The server's meter of the current call.
  static final Context.Key<GrpcMeter> KEY = Context.key("weir-wire-meter");

  private final AtomicLong receivedBytes = new AtomicLong();
  private final boolean isTraced;

  private GrpcMeter(boolean isTraced) {
    this.isTraced = isTraced;
  }

  /// A meter that gRPC's tracers feed.
  static GrpcMeter traced() {
    return new GrpcMeter(true);
  }

  /// The meter of the server call that is being opened; where the server was built without
  /// [#serverFactory], one that counts whole messages.
  static GrpcMeter current() {
    GrpcMeter meter = KEY.get();
    return meter == null ? new GrpcMeter(false) : meter;
  }

  /// A whole message came; counts only where no tracer does.
  void onMessage(int bytes) {
    if (!isTraced) {
      add(bytes);
    }
  }

  long receivedBytes() {
    return receivedBytes.get();
  }

  private void add(long bytes) {
    receivedBytes.lazySet(receivedBytes.get() + bytes);
  }

  CallOptions attach(CallOptions options) {
    return options.withStreamTracerFactory(
        new ClientStreamTracer.Factory() {
          @Override
          public ClientStreamTracer newClientStreamTracer(
              ClientStreamTracer.StreamInfo info, Metadata headers) {
            return new ClientStreamTracer() {
              @Override
              public void inboundWireSize(long bytes) {
                add(bytes);
              }
            };
          }
        });
  }

  /// Gives each call of a server a meter, under [#KEY].
  static ServerStreamTracer.Factory serverFactory() {
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        GrpcMeter meter = traced();
        return new ServerStreamTracer() {
          @Override
          public Context filterContext(Context context) {
            return context.withValue(KEY, meter);
          }

          @Override
          public void inboundWireSize(long bytes) {
            meter.add(bytes);
          }
        };
      }
    };
  }
}
