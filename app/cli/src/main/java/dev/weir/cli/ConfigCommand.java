package dev.weir.cli;

import dev.weir.config.ConfigLoader;
import dev.weir.config.ConfigShow;
import dev.weir.config.ConfigTemplate;
import dev.weir.config.LoadResult;
import dev.weir.config.LoadScope;
import dev.weir.config.ReloadPlan;
import dev.weir.config.mistake.Mistake;
import dev.weir.config.mistake.MistakePrinter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir config`.
@Command(
    name = "config",
    description = "Check, show or begin a configuration.",
    subcommands = {
      ConfigCommand.Check.class,
      ConfigCommand.Show.class,
      ConfigCommand.Diff.class,
      ConfigCommand.Init.class
    })
final class ConfigCommand extends CommandGroup {
  ConfigCommand(Terminal terminal) {
    super(terminal);
  }

  /// `weir config check FILE…`.
  @Command(name = "check", description = "Name every mistake of a configuration; exit 78 if any.")
  static final class Check implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Later files win key by key.")
    List<Path> files = List.of();

    @Option(names = "--role", description = "Check for: ${COMPLETION-CANDIDATES} (any).")
    LoadScope.Role role = LoadScope.Role.ANY;

    @Option(
        names = "--environment",
        description = "Also try this machine: directories writable, ports free.")
    boolean isEnvironmentChecked;

    Check(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      LoadResult result =
          ConfigLoader.load(
              files, terminal.environment(), Map.of(), new LoadScope(role, isEnvironmentChecked));
      return switch (result) {
        case LoadResult.Refused(var mistakes) -> {
          print(mistakes);
          yield ExitCode.CONFIG.number();
        }
        case LoadResult.Loaded loaded -> {
          print(loaded.warnings());
          if (!common.isJson && !common.isQuiet) {
            terminal.say("The configuration is valid.");
          }
          yield ExitCode.OK.number();
        }
      };
    }

    private void print(List<Mistake> mistakes) {
      if (common.isJson) {
        terminal.out().println(MistakePrinter.json(mistakes));
      } else if (!mistakes.isEmpty()) {
        terminal.say(MistakePrinter.human(mistakes, terminal.isColored()));
      }
    }
  }

  /// `weir config show [FILE…]`.
  @Command(name = "show", description = "Show every effective value and where it comes from.")
  static final class Show implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Later files win key by key.")
    List<Path> files = List.of();

    Show(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      LoadResult.Loaded loaded =
          NodeConfiguration.require(
              ConfigLoader.load(files, terminal.environment(), Map.of()), terminal);
      terminal
          .out()
          .print(
              common.isJson
                  ? ConfigShow.json(loaded.settings())
                  : ConfigShow.human(loaded.settings(), true));
      return ExitCode.OK.number();
    }
  }

  /// `weir config diff OLD NEW`.
  @Command(
      name = "diff",
      description = {
        "Show what another configuration would change, and what of it a running node takes;",
        "exit 0 when nothing."
      })
  static final class Diff implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "OLD", description = "The file in force.")
    Path before = Path.of("");

    @Parameters(index = "1", paramLabel = "NEW", description = "The file that would be.")
    Path after = Path.of("");

    Diff(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      ReloadPlan plan = ReloadPlan.between(load(before).settings(), load(after).settings());
      if (common.isJson) {
        plan.steps().forEach(step -> terminal.out().println(json(step)));
      } else {
        terminal.out().print(plan);
      }
      return (plan.isEmpty() ? ExitCode.OK : ExitCode.CHECK_FAILED).number();
    }

    private LoadResult.Loaded load(Path file) {
      return NodeConfiguration.require(
          ConfigLoader.load(List.of(file), terminal.environment(), Map.of()), terminal);
    }

    private static String json(ReloadPlan.Step step) {
      return new JsonLine()
          .put("path", step.path())
          .put("before", step.before())
          .put("after", step.after())
          .put("hot", step.isHot())
          .line();
    }
  }

  /// `weir config init`.
  @Command(name = "init", description = "Print a commented configuration with every default.")
  static final class Init implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();

    Init(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      terminal.out().print(ConfigTemplate.text());
      return ExitCode.OK.number();
    }
  }
}
