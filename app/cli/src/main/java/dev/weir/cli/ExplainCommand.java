package dev.weir.cli;

import dev.weir.base.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `weir explain [CODE]`: the error registry.
@Command(name = "explain", description = "Explain an error code such as WEIR-4002, or all of them.")
final class ExplainCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "CODE", arity = "0..1", description = "The code; all without one.")
  String code = "";

  ExplainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    List<ErrorCode> found =
        Arrays.stream(ErrorCode.values())
            .filter(c -> code.isEmpty() || c.label().endsWith(code.replaceFirst("^\\D*", "-")))
            .toList();
    if (found.isEmpty()) {
      terminal.say("weir: there is no error code '" + code + "'; `weir explain` lists them all.");
      return ExitCode.NOT_FOUND.number();
    }
    found.forEach(this::print);
    return ExitCode.OK.number();
  }

  private void print(ErrorCode found) {
    if (common.isJson) {
      terminal
          .out()
          .println(
              new JsonLine()
                  .put("code", found.label())
                  .put("name", found.name())
                  .put("meaning", found.meaning())
                  .put("fix", found.fix())
                  .put("exitCode", ExitCode.of(found).number())
                  .line());
    } else {
      terminal.out().printf("%s  %s%n           %s%n", found.label(), found.meaning(), found.fix());
    }
  }
}
