package dev.weir.link;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// The event loop that a stream lives on.
///
/// gRPC does not say which loop runs a call; with `directExecutor` its callbacks run on it, and
/// Netty knows the loop of the current thread.
final class Loops {
  private Loops() {}

  /// The event loop of this thread, or null on any other thread.
  static @Nullable EventExecutor current() {
    return ThreadExecutorMap.currentExecutor();
  }

  /// Hands work to a loop, unless it has ended, and every stream on it with it.
  ///
  /// @return whether it will run
  static boolean execute(EventExecutor loop, Runnable work) {
    try {
      loop.execute(work);
      return true;
    } catch (RejectedExecutionException e) {
      return false; // The process is ending; nobody waits for the work.
    }
  }
}
