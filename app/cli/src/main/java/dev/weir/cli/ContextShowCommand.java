package dev.weir.cli;

import dev.weir.config.ContextFile;
import dev.weir.config.ContextSettings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `weir context show`.
@Command(name = "show", description = "Print the file of a context, and where it is.")
final class ContextShowCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "NAME", arity = "0..1", description = "A context (the current one).")
  String name = "";

  ContextShowCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ContextStore store = ContextStore.required(terminal);
    String shown = name.isEmpty() ? store.current().orElse("") : name;
    if (shown.isEmpty()) {
      terminal.say("No context is used.");
      return ExitCode.NOT_FOUND.number();
    }
    ContextSettings settings = store.read(shown);
    if (!common.isQuiet) {
      terminal.say("# " + store.file(shown));
    }
    terminal.out().print(ContextFile.text(settings));
    return ExitCode.OK.number();
  }
}
