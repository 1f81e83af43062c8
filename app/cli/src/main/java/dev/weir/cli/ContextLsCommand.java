package dev.weir.cli;

import dev.weir.config.ContextSettings;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weir context ls`.
@Command(name = "ls", aliases = "list", description = "List the contexts; * is the current one.")
final class ContextLsCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();

  ContextLsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ContextStore store = ContextStore.required(terminal);
    String current = store.current().orElse(ContextStore.NONE);
    if (!common.isJson) {
      terminal.out().printf("  %-20s  %s%n", "CONTEXT", "SERVERS");
    }
    for (String name : store.names()) {
      print(name, store.read(name), name.equals(current));
    }
    return ExitCode.OK.number();
  }

  private void print(String name, ContextSettings settings, boolean isCurrent) {
    String servers =
        settings.servers().stream().map(Object::toString).collect(Collectors.joining(","));
    if (common.isJson) {
      terminal
          .out()
          .println(
              new JsonLine()
                  .put("context", name)
                  .put("servers", servers)
                  .put("current", isCurrent)
                  .line());
    } else {
      terminal.out().printf("%s %-20s  %s%n", isCurrent ? "*" : " ", name, servers);
    }
  }
}
