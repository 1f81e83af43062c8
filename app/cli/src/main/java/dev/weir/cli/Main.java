package dev.weir.cli;

import picocli.CommandLine;

/// The entry point of the `weir` command.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args, Terminal.ofProcess()));
  }

  /// Runs one command line; tests call it with a terminal of their own.
  static int run(String[] args, Terminal terminal) {
    CommandLine line = new CommandLine(new WeirCommand(terminal), new CommandFactory(terminal));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setOut(terminal.outWriter());
    line.setErr(terminal.errWriter());
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            terminal.isColored() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setParameterExceptionHandler(new UsageFaults(terminal));
    line.setExecutionExceptionHandler(new ExecutionFaults(terminal));
    int exit = line.execute(args);
    terminal.flush();
    return exit;
  }
}
