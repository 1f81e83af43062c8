package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One real process of Weir, whose output goes to files. It is ended by its own handle and never
/// outlives the test: [#close] kills it, and so does the end of the test's JVM.
///
/// Any thread may ask and signal; [#type] belongs to one thread.
final class WeirProcess implements AutoCloseable {
  /// Long enough to start a JVM while another build takes both cores.
  private static final Duration START_DEADLINE = Duration.ofSeconds(45);

  private static final Duration EXIT_DEADLINE = Duration.ofSeconds(60);
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  private final Process process;
  private final String name;
  private final Path out;
  private final Path err;
  private final Thread guard;

  WeirProcess(Process process, String name, Path out, Path err) {
    this.process = process;
    this.name = name;
    this.out = out;
    this.err = err;
    guard = new Thread(process::destroyForcibly, "weir-it-guard-" + name);
    Runtime.getRuntime().addShutdownHook(guard);
  }

  /// Waits until the standard error holds a match.
  ///
  /// @throws AssertionError with all output when it ends or the deadline passes before
  Matcher awaitError(Pattern pattern) {
    return await(err, pattern);
  }

  /// Waits until the standard output holds a match.
  Matcher awaitOutput(Pattern pattern) {
    return await(out, pattern);
  }

  private Matcher await(Path file, Pattern pattern) {
    Matcher[] found = new Matcher[1];
    try {
      eventually(
          name + " says " + pattern,
          START_DEADLINE,
          () -> {
            boolean hasEnded = !process.isAlive();
            Matcher matcher = pattern.matcher(text(file));
            if (matcher.find()) {
              found[0] = matcher;
            }
            return hasEnded || found[0] != null;
          });
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + describe(), e);
    }
    if (found[0] == null) {
      throw new AssertionError(name + " ended before it said " + pattern + describe());
    }
    return found[0];
  }

  /// Waits for its end and returns the exit status.
  ///
  /// @throws AssertionError with all output when it does not end within a minute
  int awaitExit() {
    return awaitExit(EXIT_DEADLINE);
  }

  /// As [#awaitExit()], for what may take longer.
  int awaitExit(Duration deadline) {
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(name + " did not end" + describe());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + name, e);
    }
  }

  /// kill -9, and waits until it is gone.
  void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /// SIGTERM, and waits for the end it chooses.
  int terminate() {
    process.destroy();
    return awaitExit();
  }

  /// Ctrl-C, and waits for the end it chooses.
  int interrupt() {
    signal("INT");
    return awaitExit();
  }

  /// Freezes it: the kernel keeps its sockets open and answers for it.
  void freeze() {
    signal("STOP");
  }

  void thaw() {
    signal("CONT");
  }

  private void signal(String signal) {
    Command.require("kill", "-s", signal, Long.toString(process.pid()));
  }

  /// Writes to its standard input.
  void type(String text) {
    try {
      OutputStream input = process.getOutputStream();
      input.write(text.getBytes(StandardCharsets.UTF_8));
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + describe(), e);
    }
  }

  /// Ends its standard input.
  void endInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Memory that it holds now, from the kernel.
  long residentBytes() {
    String status = text(Path.of("/proc/" + process.pid() + "/status"));
    Matcher found = RESIDENT.matcher(status);
    if (!found.find()) {
      throw new AssertionError(name + " has no memory figure" + describe());
    }
    return Long.parseLong(found.group(1)) * 1024;
  }

  /// Open file descriptors that it holds now.
  int descriptorCount() {
    String[] names = Path.of("/proc/" + process.pid() + "/fd").toFile().list();
    return names == null ? 0 : names.length;
  }

  Path output() {
    return out;
  }

  String outputText() {
    return text(out);
  }

  String errorText() {
    return text(err);
  }

  /// Everything it printed, for the message of a failure.
  String describe() {
    return "\n--- %s, alive=%s, standard error:\n%s\n--- standard output:\n%s"
        .formatted(name, process.isAlive(), tail(errorText()), tail(outputText()));
  }

  private static String tail(String text) {
    int limit = 8000;
    return text.length() <= limit ? text : "… " + text.substring(text.length() - limit);
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      Runtime.getRuntime().removeShutdownHook(guard);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException _) {
      // The JVM is ending; the guard has run.
    }
  }
}
