package dev.weir.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A daemon of the system in the foreground, as rsyslogd -n, with its output in a file; ended by
/// its own handle, also at the end of the test's JVM. One thread drives it.
final class Daemon implements AutoCloseable {
  private final Process process;
  private final Path output;
  private final Thread guard;

  private Daemon(Process process, Path output) {
    this.process = process;
    this.output = output;
    guard = new Thread(process::destroyForcibly, "weir-it-guard-daemon");
    Runtime.getRuntime().addShutdownHook(guard);
  }

  /// Starts it; its output goes to a file in the directory.
  static Daemon start(Path directory, String... words) {
    try {
      Path output = Files.createTempFile(directory, "daemon-", ".log");
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .start();
      return new Daemon(process, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Asks it to end, and ends it after ten seconds.
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Runtime.getRuntime().removeShutdownHook(guard);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IllegalStateException _) {
      // The JVM is ending; the guard has run.
    }
  }
}
