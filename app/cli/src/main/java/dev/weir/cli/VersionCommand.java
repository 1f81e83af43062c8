package dev.weir.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weir version`.
@Command(name = "version", description = "Show the version.")
final class VersionCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();

  VersionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String java = System.getProperty("java.version");
    if (common.isJson) {
      terminal
          .out()
          .println(new JsonLine().put("version", Version.number()).put("java", java).line());
    } else {
      terminal.out().println("weir " + Version.number() + " (java " + java + ")");
    }
    return ExitCode.OK.number();
  }
}
