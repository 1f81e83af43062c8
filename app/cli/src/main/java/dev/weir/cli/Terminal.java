package dev.weir.cli;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Where a command reads and writes: data on `out`, everything meant for a person on `err`.
final class Terminal {
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private final boolean isInteractive;

  Terminal(
      InputStream in,
      PrintStream out,
      PrintStream err,
      Map<String, String> environment,
      boolean isInteractive) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.environment = Map.copyOf(environment);
    this.isInteractive = isInteractive;
  }

  @SuppressWarnings("SystemConsoleNull") // NullAway's model of the JDK still allows null.
  static Terminal ofProcess() {
    PrintStream out =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
            false,
            StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    Console console = System.console();
    boolean isInteractive = console != null && console.isTerminal();
    return new Terminal(System.in, out, err, System.getenv(), isInteractive);
  }

  InputStream in() {
    return in;
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  PrintWriter outWriter() {
    return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
  }

  PrintWriter errWriter() {
    return new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
  }

  Map<String, String> environment() {
    return environment;
  }

  boolean isInteractive() {
    return isInteractive;
  }

  /// Colour only for a person who did not refuse it (no-color.org).
  boolean isColored() {
    if (!environment.getOrDefault("NO_COLOR", "").isEmpty()
        || environment.getOrDefault("TERM", "").equals("dumb")) {
      return false;
    }
    return isInteractive || !environment.getOrDefault("FORCE_COLOR", "").isEmpty();
  }

  /// Tells a person something; never part of the data.
  void say(String text) {
    err.println(text);
  }

  /// True when whoever read the output has gone: the end of the work, not an error.
  boolean isOutputGone() {
    return out.checkError();
  }

  void flush() {
    out.flush();
    err.flush();
  }
}
