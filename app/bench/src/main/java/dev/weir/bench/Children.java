package dev.weir.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

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

  /// Asks a process to end; kills it when it takes longer. Never throws.
  public static void end(Process process, Duration longest) {
    process.destroy();
    try {
      if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /// CPU time that a process has used, user and system; NaN when the system does not tell.
  public static double cpuSeconds(Process process) {
    return process.info().totalCpuDuration().map(d -> d.toNanos() / 1e9).orElse(Double.NaN);
  }

  private static void forget(Thread guard) {
    try {
      Runtime.getRuntime().removeShutdownHook(guard);
    } catch (IllegalStateException _) {
      // This JVM is ending: the guard runs.
    }
  }
}
