package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads a secret without showing it: typed twice at a terminal, else the first line of standard
/// input. Never an argument: those stand in process lists and shell histories.
final class SecretInput {
  private SecretInput() {}

  @SuppressWarnings("SystemConsoleNull") // NullAway's model of the JDK still allows null.
  static String read(Terminal terminal, String what) throws IOException {
    @Nullable Console console = System.console();
    String secret =
        terminal.isInteractive() && console != null ? typed(console, what) : line(terminal);
    if (secret.isEmpty()) {
      throw new WeirException(ErrorCode.USAGE, "The " + what + " is empty.");
    }
    return secret;
  }

  private static String typed(Console console, String what) {
    char[] first = console.readPassword("%s: ", what);
    char[] again = console.readPassword("%s again: ", what);
    if (first == null || !Arrays.equals(first, again)) {
      throw new WeirException(ErrorCode.USAGE, "The two differ. Nothing was changed.");
    }
    return new String(first);
  }

  private static String line(Terminal terminal) throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8)).readLine();
    return line == null ? "" : line;
  }
}
