package dev.weir.gateway.grpc;

import io.netty.util.internal.ThreadExecutorMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// The event loop of the call whose callback runs.
final class CallLoop {
  private CallLoop() {}

  static Executor current() {
    @Nullable Executor loop = ThreadExecutorMap.currentExecutor();
    return loop == null ? Runnable::run : loop; // In process, gRPC itself keeps the order.
  }
}
