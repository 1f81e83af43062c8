package dev.weir.gateway.grpc;

import dev.weir.gateway.port.Peer;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.function.Supplier;

/// Lets services know where the client of a call is.
final class CallOrigin implements ServerInterceptor {
  private static final Context.Key<String> ORIGIN = Context.keyWithDefault("weir-origin", "");

  /// `HOST:PORT` of the current call's client; empty when that is not known. Good within the call's
  /// own callbacks.
  static String current() {
    return ORIGIN.get();
  }

  /// Does something as if it were a call of a client there.
  static <T> T at(String origin, Supplier<T> task) {
    Context here = Context.current().withValue(ORIGIN, origin);
    Context before = here.attach();
    try {
      return task.get();
    } finally {
      here.detach(before);
    }
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    Peer peer = call.getAttributes().get(Peer.ATTRIBUTE);
    return peer == null
        ? next.startCall(call, headers)
        : Contexts.interceptCall(
            Context.current().withValue(ORIGIN, peer.text()), call, headers, next);
  }
}
