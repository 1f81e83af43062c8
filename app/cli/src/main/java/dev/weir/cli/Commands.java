package dev.weir.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;

/// The commands below `weir`, in the order of its help.
///
/// Picocli looks at the whole class of every command that it is given, and holds what it found for
/// as long as the command runs: of a line that begins with a command it gets that one alone, which
/// saves an edge 3 MiB.
final class Commands {
  private static final Map<String, Class<?>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("dev", DevCommand.class);
    ALL.put("serve", ServeCommand.class);
    ALL.put("edge", EdgeCommand.class);
    ALL.put("pub", PubCommand.class);
    ALL.put("sub", SubCommand.class);
    ALL.put("req", ReqCommand.class);
    ALL.put("reply", ReplyCommand.class);
    ALL.put("topic", TopicCommand.class);
    ALL.put("top", TopCommand.class);
    ALL.put("tap", TapCommand.class);
    ALL.put("queue", QueueCommand.class);
    ALL.put("group", GroupCommand.class);
    ALL.put("kv", KvCommand.class);
    ALL.put("nodes", NodesCommand.class);
    ALL.put("client", ClientCommand.class);
    ALL.put("context", ContextCommand.class);
    ALL.put("auth", AuthCommand.class);
    ALL.put("log", LogCommand.class);
    ALL.put("spool", SpoolCommand.class);
    ALL.put("config", ConfigCommand.class);
    ALL.put("bench", BenchCommand.class);
    ALL.put("lab", LabCommand.class);
    ALL.put("selftest", SelftestCommand.class);
    ALL.put("explain", ExplainCommand.class);
    ALL.put("exit-codes", ExitCodesCommand.class);
    ALL.put("version", VersionCommand.class);
  }

  private Commands() {}

  /// The tree that a command line needs: of all commands, or of the one that it begins with.
  static CommandLine line(String[] args, Terminal terminal) {
    CommandFactory factory = new CommandFactory(terminal);
    CommandLine line = new CommandLine(new WeirCommand(terminal), factory);
    Class<?> only = args.length == 0 ? null : ALL.get(args[0]);
    if (only == null) {
      ALL.forEach((name, type) -> line.addSubcommand(name, new CommandLine(type, factory)));
    } else {
      line.addSubcommand(args[0], new CommandLine(only, factory));
    }
    return line;
  }
}
