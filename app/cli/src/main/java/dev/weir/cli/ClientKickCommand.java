package dev.weir.cli;

import dev.weir.client.WeirClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `weir client kick`.
@Command(name = "kick", description = "Close a connection; its client may come again.")
final class ClientKickCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  @Parameters(paramLabel = "ID", description = "Its number in `weir client ls`.")
  long id;

  ClientKickCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    boolean wasOpen;
    try (WeirClient client = Clients.connect(server)) {
      wasOpen = client.clients().kick(id);
    }
    if (!wasOpen) {
      terminal.say("weir: There is no connection " + id + ".");
      return ExitCode.NOT_FOUND.number();
    }
    if (!common.isQuiet) {
      terminal.say("Closed.");
    }
    return ExitCode.OK.number();
  }
}
