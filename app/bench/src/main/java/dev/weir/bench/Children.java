package dev.weir.bench;

import java.io.IOException;

/// Processes that a scenario starts: none outlives the bench, however that ends short of a kill.
public final class Children {
  private Children() {}

  /// Starts a process that is killed when this JVM ends before it.
  public static Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    Thread guard = new Thread(process::destroyForcibly, "weir-bench-guard");
    Runtime.getRuntime().addShutdownHook(guard);
    var _ = process.onExit().thenRun(() -> forget(guard));
    return process;
  }

  private static void forget(Thread guard) {
    try {
      Runtime.getRuntime().removeShutdownHook(guard);
    } catch (IllegalStateException _) {
      // This JVM is ending: the guard runs.
    }
  }
}
