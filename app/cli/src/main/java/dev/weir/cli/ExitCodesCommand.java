package dev.weir.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weir exit-codes`.
@Command(name = "exit-codes", description = "List what the exit codes mean.")
final class ExitCodesCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();

  ExitCodesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    for (ExitCode code : ExitCode.values()) {
      if (common.isJson) {
        terminal
            .out()
            .println(
                new JsonLine().put("code", code.number()).put("meaning", code.meaning()).line());
      } else {
        terminal.out().printf("%4d  %s%n", code.number(), code.meaning());
      }
    }
    return ExitCode.OK.number();
  }
}
