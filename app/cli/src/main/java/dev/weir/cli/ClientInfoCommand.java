package dev.weir.cli;

import dev.weir.client.WeirClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `weir client info`.
@Command(name = "info", description = "Show a connection, and what happened to it.")
final class ClientInfoCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  @Parameters(paramLabel = "ID", description = "Its number in `weir client ls`.")
  long id;

  ClientInfoCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    try (WeirClient client = Clients.connect(server)) {
      var events =
          client.clients().events(0).stream().filter(event -> event.client().id() == id).toList();
      var open = client.clients().list().stream().filter(c -> c.id() == id).findFirst();
      if (open.isEmpty() && events.isEmpty()) {
        terminal.say("weir: There is no connection " + id + ", and none is remembered.");
        return ExitCode.NOT_FOUND.number();
      }
      open.ifPresent(connected ->
          terminal
              .out()
              .println(
                  common.isJson
                      ? ClientLines.json(connected)
                      : ClientLines.HEADINGS + "\n" + ClientLines.row(connected)));
      events.forEach(event ->
          terminal.out().println(common.isJson ? ClientLines.json(event) : ClientLines.row(event)));
    }
    return ExitCode.OK.number();
  }
}
