package dev.weir.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A tool of the system, run to its end: `mkfs.ext4`, `mount`, `gcc`, `kill`.
///
/// @param status its exit status
/// @param output what it printed, both streams together
record Command(int status, String output) {
  private static final long LIMIT_SECONDS = 60;

  /// Runs the tool and returns its status and output.
  ///
  /// @throws IllegalStateException when it cannot be started or takes over a minute
  static Command run(String... words) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      try {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
          throw new IllegalStateException("took over a minute: " + List.of(words));
        }
        return new Command(process.exitValue(), output);
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + words[0], e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during " + List.of(words), e);
    }
  }

  /// Runs the tool and requires status 0.
  ///
  /// @throws IllegalStateException with its output when it fails
  static String require(String... words) {
    Command done = run(words);
    if (done.status() != 0) {
      throw new IllegalStateException(
          String.join(" ", words) + " ended with " + done.status() + ": " + done.output().strip());
    }
    return done.output();
  }

  /// Whether the tool can be started at all.
  static boolean isInstalled(String tool) {
    return run("sh", "-c", "command -v " + tool).status() == 0;
  }
}
