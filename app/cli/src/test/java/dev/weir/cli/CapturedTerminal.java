package dev.weir.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A terminal whose streams a test fills and reads.
final class CapturedTerminal {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Terminal terminal;
  private int exit;

  CapturedTerminal() {
    this(new byte[0]);
  }

  CapturedTerminal(byte[] input) {
    this(input, Map.of());
  }

  CapturedTerminal(Map<String, String> environment) {
    this(new byte[0], environment);
  }

  private CapturedTerminal(byte[] input, Map<String, String> environment) {
    terminal =
        new Terminal(
            new ByteArrayInputStream(input),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            false);
  }

  int run(String... args) {
    exit = Main.run(args, terminal);
    return exit;
  }

  /// How the last command ended.
  int exit() {
    return exit;
  }

  Terminal terminal() {
    return terminal;
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
