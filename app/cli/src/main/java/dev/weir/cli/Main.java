package dev.weir.cli;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;

/// The entry point of the `weir` command.
public final class Main {
  /// gRPC tells the JDK's logging of every fault of a peer, with a stack trace; Weir answers and
  /// counts those itself. Held here because a logger that nobody holds forgets its level.
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private Main() {}

  public static void main(String[] args) {
    refuseRenegotiation();
    System.exit(run(args, Terminal.ofProcess()));
  }

  /// A second handshake on a connection of TLS 1.2 would let a client have the key's operation done
  /// as often as it likes. The JDK reads this when TLS is first used, and knows no other way.
  private static void refuseRenegotiation() {
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }

  /// Runs one command line; tests call it with a terminal of their own.
  static int run(String[] args, Terminal terminal) {
    GRPC.setLevel(Level.OFF);
    CommandLine line = Commands.line(args, terminal);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setOut(terminal.outWriter());
    line.setErr(terminal.errWriter());
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            terminal.isColored() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setParameterExceptionHandler(new UsageFaults(terminal));
    line.setExecutionExceptionHandler(new ExecutionFaults(terminal));
    int exit = execute(line, args, terminal);
    terminal.flush();
    return exit;
  }

  private static int execute(CommandLine line, String[] args, Terminal terminal) {
    try {
      return line.execute(args);
    } catch (Error e) { // No memory, a broken installation: told like any other fault.
      return new ExecutionFaults(terminal).unexpected(e, List.of(args).contains("--verbose"));
    }
  }
}
