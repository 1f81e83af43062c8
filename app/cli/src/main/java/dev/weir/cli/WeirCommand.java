package dev.weir.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The root of the command tree.
@Command(
    name = "weir",
    mixinStandardHelpOptions = false,
    versionProvider = Version.class,
    description = {
      "Carries messages from where they arise to everyone who needs them,",
      "and never loses one that it has acknowledged."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DevCommand.class,
      ServeCommand.class,
      EdgeCommand.class,
      PubCommand.class,
      SubCommand.class,
      TopicCommand.class,
      KvCommand.class,
      AuthCommand.class,
      LogCommand.class,
      SpoolCommand.class,
      ConfigCommand.class,
      BenchCommand.class,
      LabCommand.class,
      SelftestCommand.class,
      ExplainCommand.class,
      ExitCodesCommand.class,
      VersionCommand.class
    },
    footerHeading = "%nFirst steps:%n",
    footer = {
      "  weir dev                                     see everything at work",
      "  weir serve --data ./data                     start a core on 127.0.0.1:4750",
      "  weir edge --tail app.log --to weir://127.0.0.1:4750 --topic logs/app --spool ./spool",
      "  weir sub 'logs/#' --from first               read it back"
    })
final class WeirCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean isHelp;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean isVersion;

  WeirCommand(Terminal terminal) {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing.");
  }
}
