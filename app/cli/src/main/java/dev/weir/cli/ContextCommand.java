package dev.weir.cli;

import picocli.CommandLine.Command;

/// `weir context`.
@Command(
    name = "context",
    aliases = "ctx",
    description = "Keep under a name how a core is reached.",
    subcommands = {
      ContextLsCommand.class,
      ContextAddCommand.class,
      ContextUseCommand.class,
      ContextShowCommand.class,
      ContextTestCommand.class,
      ContextRmCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir context add plant --server weirs://core.example:4750 --tls-ca ca.pem --token-file t",
      "  weir context use plant        from now on",
      "  weir sub 'logs/#'            goes to core.example",
      "  weir sub 'logs/#' -C none     goes to this machine, this once",
      "  weir context use -            back to the one before"
    })
final class ContextCommand extends CommandGroup {
  ContextCommand(Terminal terminal) {
    super(terminal);
  }
}
