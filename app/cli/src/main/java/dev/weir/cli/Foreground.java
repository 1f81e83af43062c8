package dev.weir.cli;

import dev.weir.base.WeirException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Keeps a node running in the foreground until the process is asked to end or the node cannot go
/// on, then closes it. The first signal ends in order; the JVM's own handling makes a second one
/// final.
final class Foreground {
  private final Terminal terminal;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  Foreground(Terminal terminal) {
    this.terminal = terminal;
  }

  /// Ends the process with the fault's exit code. Any thread.
  void fail(WeirException fault) {
    terminal.say("weir: " + fault.explanation());
    exit.complete(ExitCode.of(fault.code()).number());
  }

  /// Ends the process as done. Any thread.
  void finish() {
    exit.complete(ExitCode.OK.number());
  }

  /// Runs until [#fail], [#finish] or a signal.
  int run(AutoCloseable node, Runnable announce) throws InterruptedException {
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    Thread hook = new Thread(() -> stopOnSignal(closed), "weir-signal");
    Runtime.getRuntime().addShutdownHook(hook);
    announce.run();
    int code;
    try {
      code = exit.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      close(node);
      closed.complete(true);
    }
    removeHook(hook);
    return code;
  }

  private void stopOnSignal(CompletableFuture<Boolean> closed) {
    exit.complete(ExitCode.OK.number());
    closed.join();
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The process is ending already: the hook runs and finds everything closed.
    }
  }

  private void close(AutoCloseable node) {
    try {
      node.close();
    } catch (Exception e) {
      terminal.say("weir: closing failed: " + e);
    }
  }
}
