package dev.weir.gateway.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The end of a call, for who keeps something for as long as it lasts. Owned by the call's event
/// loop.
final class CallEnd {
  private static final Context.Key<CallEnd> CURRENT = Context.key("weir-call-end");

  private @Nullable Runnable task;

  private CallEnd() {}

  /// That of the current call; none outside of one, or where nobody looks. Good within the call's
  /// own callbacks.
  static Optional<CallEnd> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  /// Has something done at the end; the last one counts.
  void then(Runnable newTask) {
    task = newTask;
  }

  private void run() {
    Runnable last = task;
    task = null;
    if (last != null) {
      last.run();
    }
  }

  /// Looks at the ends of calls.
  static final class Watch implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      CallEnd end = new CallEnd();
      Context context = Context.current().withValue(CURRENT, end);
      return new SimpleForwardingServerCallListener<>(
          Contexts.interceptCall(context, call, headers, next)) {
        @Override
        public void onCancel() {
          end.run();
          super.onCancel();
        }

        @Override
        public void onComplete() {
          end.run();
          super.onComplete();
        }
      };
    }
  }
}
