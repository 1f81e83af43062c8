package dev.weir.cli;

import dev.weir.client.ClientOperations.Connected;
import dev.weir.client.WeirClient;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weir client ls`.
@Command(name = "ls", aliases = "list", description = "List the open connections.")
final class ClientLsCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  ClientLsCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    List<Connected> clients;
    try (WeirClient client = Clients.connect(server)) {
      clients = client.clients().list();
    }
    if (!common.isJson) {
      terminal.out().println(ClientLines.HEADINGS);
    }
    clients.forEach(client ->
        terminal.out().println(common.isJson ? ClientLines.json(client) : ClientLines.row(client)));
    return ExitCode.OK.number();
  }
}
