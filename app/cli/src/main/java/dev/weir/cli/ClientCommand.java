package dev.weir.cli;

import picocli.CommandLine.Command;

/// `weir client`.
@Command(
    name = "client",
    description = "Who is connected to a core; needs manage on $weir/stats where it knows users.",
    subcommands = {
      ClientLsCommand.class,
      ClientInfoCommand.class,
      ClientKickCommand.class,
      ClientEventsCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir client ls                 every connection, the oldest first",
      "  weir client kick 17            close one; its client may come again",
      "  weir client events --follow    who comes and goes"
    })
final class ClientCommand extends CommandGroup {
  ClientCommand(Terminal terminal) {
    super(terminal);
  }
}
