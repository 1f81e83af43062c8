package dev.weir.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `weir context use`.
@Command(
    name = "use",
    aliases = "select",
    description = "Use a context from now on; - goes back to the one before, none uses none.")
final class ContextUseCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "NAME", description = "A context, - or none.")
  String name = "";

  ContextUseCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    ContextStore store = ContextStore.required(terminal);
    String chosen = name.equals("-") ? store.previous().orElse(ContextStore.NONE) : name;
    store.select(chosen);
    if (!common.isQuiet) {
      terminal.say(
          chosen.equals(ContextStore.NONE)
              ? "No context is used any more."
              : "Context " + chosen + " is used from now on.");
    }
    return ExitCode.OK.number();
  }
}
