package dev.weir.cli;

import dev.weir.client.QueueConfig;
import dev.weir.client.QueueFigures;
import dev.weir.client.WeirClient;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weir group`: queues in order of keys that are bound to topics, under the name that readers know
/// (docs/adr/0026).
@Command(
    name = "group",
    description = {
      "Consumer groups: readers that share topics, of each key one message at a time.",
      "A group is a queue with --order key and --filter: every `weir queue` command takes it, too."
    },
    subcommands = {GroupCommand.Ls.class, QueueInfoCommand.class, QueueRmCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir sub 'shop/#' --group billing                  joins, or makes the group",
      "  weir sub 'shop/#' --group billing --from first     the same, over history",
      "  weir group info billing                            how far behind it is",
      "  weir queue create billing --filter 'shop/#' --order key --dead-letter billing.dead"
    })
final class GroupCommand extends CommandGroup {
  GroupCommand(Terminal terminal) {
    super(terminal);
  }

  /// `weir group ls`.
  @Command(name = "ls", aliases = "list", description = "List the groups.")
  static final class Ls implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin ServerOptions server;

    Ls(Terminal terminal) {
      this.terminal = terminal;
      this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
      List<QueueFigures> groups;
      try (WeirClient client = Clients.connect(server)) {
        groups = client.queues().list().stream().filter(Ls::isGroup).toList();
      }
      if (!common.isJson) {
        terminal.out().println(QueueLines.HEADINGS);
      }
      groups.forEach(group ->
          terminal.out().println(common.isJson ? QueueLines.json(group) : QueueLines.row(group)));
      return ExitCode.OK.number();
    }

    private static boolean isGroup(QueueFigures queue) {
      return queue.config().order() == QueueConfig.Order.KEY && !queue.config().filters().isEmpty();
    }
  }
}
