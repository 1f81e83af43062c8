package dev.weir.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A command that only groups others: without one of them it says which there are.
abstract class CommandGroup implements Runnable {
  private final Terminal terminal;

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin CommonOptions common = new CommonOptions();

  CommandGroup(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public final void run() {
    spec.commandLine().usage(terminal.err());
    throw new ParameterException(
        spec.commandLine(),
        "'"
            + spec.qualifiedName()
            + "' needs one of: "
            + String.join(", ", spec.subcommands().keySet())
            + ".");
  }
}
