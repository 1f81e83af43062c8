package dev.weir.link;

import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the bytes of a stream's messages as they arrive, parts of a message included: what tells
/// a slow link, on which one frame takes a minute, from a dead one.
///
/// gRPC's own framing does not count, so that a sender can tell what the other side will have
/// counted. Written by the stream's event loop, read by any thread.
final class WireMeter {
  /// The server's meter of the current call.
  static final Context.Key<WireMeter> KEY = Context.key("weir-wire-meter");

  private final AtomicLong receivedBytes = new AtomicLong();
  private final boolean isTraced;

  private WireMeter(boolean isTraced) {
    this.isTraced = isTraced;
  }

  /// A meter that gRPC's tracers feed.
  static WireMeter traced() {
    return new WireMeter(true);
  }

  /// The meter of the server call that is being opened; where the server was built without
  /// [#serverFactory], one that counts whole messages.
  static WireMeter current() {
    WireMeter meter = KEY.get();
    return meter == null ? new WireMeter(false) : meter;
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
        WireMeter meter = traced();
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
