package dev.weir.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// A command line that is not valid: what is wrong, the nearest word, where the help is; exit 2.
final class UsageFaults implements IParameterExceptionHandler {
  private final Terminal terminal;

  UsageFaults(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public int handleParseException(ParameterException fault, String[] args) {
    CommandLine command = fault.getCommandLine();
    PrintWriter err = terminal.errWriter();
    err.println("weir: " + fault.getMessage());
    if (fault instanceof UnmatchedArgumentException unmatched) {
      suggest(unmatched, command, err);
    }
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE.number();
  }

  /// Of misspelled commands the nearest by single mistakes; picocli's own order prefers short ones.
  private static void suggest(
      UnmatchedArgumentException unmatched, CommandLine command, PrintWriter err) {
    String word = unmatched.getUnmatched().getFirst();
    List<String> near = NearestWords.of(word, command.getSubcommands().keySet());
    if (word.startsWith("-") || near.isEmpty()) {
      UnmatchedArgumentException.printSuggestions(unmatched, err);
    } else {
      String name = command.getCommandSpec().qualifiedName();
      err.println("Did you mean: " + name + " " + String.join(" or " + name + " ", near) + "?");
    }
  }
}
