package dev.weir.cli;

import dev.weir.base.ByteSize;
import dev.weir.client.TopicFigures;
import dev.weir.client.WeirClient;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir topic`.
@Command(
    name = "topic",
    description = "Look at topics.",
    subcommands = {TopicCommand.Ls.class, TopicRetainedCommand.class, TopicPresenceCommand.class})
final class TopicCommand extends CommandGroup {
  TopicCommand(Terminal terminal) {
    super(terminal);
  }

  /// `weir topic ls [FILTER]`.
  @Command(
      name = "ls",
      aliases = "list",
      description = "List the topics that were published to since the core started.")
  static final class Ls implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin ServerOptions server;

    @Parameters(paramLabel = "FILTER", arity = "0..1", description = "With + and # (#).")
    String filter = "#";

    @Option(names = "--limit", paramLabel = "N", description = "At most N topics (1000).")
    int limit = 1000;

    Ls(Terminal terminal) {
      this.terminal = terminal;
      this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
      List<TopicFigures> topics;
      try (WeirClient client = Clients.connect(server)) {
        topics = client.topics(filter, limit);
      }
      if (!common.isJson) {
        terminal.out().printf("%12s  %10s  %-27s  %s%n", "MESSAGES", "BYTES", "LAST", "TOPIC");
      }
      topics.forEach(this::print);
      if (topics.size() == limit && !common.isQuiet) {
        terminal.say("The list was cut at " + limit + " topics; --limit raises that.");
      }
      return ExitCode.OK.number();
    }

    private void print(TopicFigures topic) {
      String last = Times.iso(topic.lastMicros());
      if (common.isJson) {
        terminal
            .out()
            .println(
                new JsonLine()
                    .put("topic", topic.topic())
                    .put("messages", topic.messages())
                    .put("bytes", topic.bytes())
                    .put("last", last)
                    .line());
      } else {
        terminal
            .out()
            .printf(
                "%,12d  %10s  %-27s  %s%n",
                topic.messages(), new ByteSize(topic.bytes()), last, topic.topic());
      }
    }
  }
}
