package dev.weir.rpc;

import io.grpc.HandlerRegistry;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The methods of a server, by full name, behind its interceptors. Never changes.
final class Methods {
  private final Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
  private final List<ServerServiceDefinition> services;
  private final List<ServerInterceptor> interceptors;
  private final @Nullable HandlerRegistry fallback;

  /// @param interceptors the last one sees a call first
  /// @param fallback is asked for what no service has
  Methods(
      List<ServerServiceDefinition> services,
      List<ServerInterceptor> interceptors,
      @Nullable HandlerRegistry fallback) {
    this.services = List.copyOf(services);
    this.interceptors = List.copyOf(interceptors);
    this.fallback = fallback;
    for (ServerServiceDefinition service : services) {
      for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
        methods.put(method.getMethodDescriptor().getFullMethodName(), intercepted(method));
      }
    }
  }

  private <Q, A> ServerMethodDefinition<Q, A> intercepted(ServerMethodDefinition<Q, A> method) {
    ServerCallHandler<Q, A> handler = method.getServerCallHandler();
    for (ServerInterceptor interceptor : interceptors) {
      ServerCallHandler<Q, A> next = handler;
      handler = (call, headers) -> interceptor.interceptCall(call, headers, next);
    }
    return method.withServerCallHandler(handler);
  }

  /// The method of a name; null when nobody serves it.
  @Nullable ServerMethodDefinition<?, ?> find(String name, @Nullable String authority) {
    ServerMethodDefinition<?, ?> known = methods.get(name);
    if (known != null || fallback == null) {
      return known;
    }
    ServerMethodDefinition<?, ?> other = fallback.lookupMethod(name, authority);
    return other == null ? null : intercepted(other);
  }

  List<ServerServiceDefinition> services() {
    return new ArrayList<>(services);
  }
}
