package dev.weir.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A tool of the system, run to its end: `ip`.
final class Tool {
  private static final long LIMIT_SECONDS = 20;

  private Tool() {}

  /// Runs it and returns its output.
  ///
  /// @throws IOException with what it said when it fails, is missing or takes over 20 s
  static String run(String... words) throws IOException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("took over " + LIMIT_SECONDS + " s: " + List.of(words));
      }
      if (process.exitValue() != 0) {
        throw new IOException(String.join(" ", words) + ": " + output.strip());
      }
      return output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted during " + List.of(words), e);
    } finally {
      process.destroyForcibly();
    }
  }
}
