package dev.weir.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `weir context rm`.
@Command(name = "rm", aliases = "delete", description = "Forget a context.")
final class ContextRmCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "NAME", description = "A context.")
  String name = "";

  ContextRmCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    ContextStore.required(terminal).remove(name);
    return ExitCode.OK.number();
  }
}
