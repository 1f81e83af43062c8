package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// A command that failed: code, cause and fix on stderr, a documented exit code, and a stack trace
/// only for `--verbose`.
final class ExecutionFaults implements IExecutionExceptionHandler {
  private final Terminal terminal;

  ExecutionFaults(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public int handleExecutionException(Exception fault, CommandLine command, ParseResult parsed) {
    boolean isVerbose = parsed.expandedArgs().contains("--verbose");
    if (isVerbose) {
      fault.printStackTrace(terminal.err());
    }
    return switch (fault) {
      case WeirException known -> {
        terminal.say("weir: " + known.explanation());
        yield ExitCode.of(known.code()).number();
      }
      case ConfigurationRefused _ -> ExitCode.CONFIG.number();
      case InterruptedException _ -> ExitCode.INTERRUPTED.number();
      case NoSuchFileException missing -> {
        terminal.say("weir: there is no file or directory '" + missing.getMessage() + "'.");
        yield ExitCode.NOT_FOUND.number();
      }
      case IOException io -> refused(io);
      case UncheckedIOException unchecked -> refused(Objects.requireNonNull(unchecked.getCause()));
      case IllegalArgumentException wrong -> { // A check named the value and what was expected.
        terminal.say("weir: " + wrong.getMessage() + ".");
        terminal.say("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        yield ExitCode.USAGE.number();
      }
      default -> told(fault, isVerbose);
    };
  }

  private int refused(IOException io) {
    terminal.say("weir: " + describe(io));
    return ExitCode.IO.number();
  }

  /// What no command has a word for.
  int unexpected(Error fault, boolean isVerbose) {
    if (isVerbose) {
      fault.printStackTrace(terminal.err());
    }
    return told(fault, isVerbose);
  }

  private int told(Throwable fault, boolean isVerbose) {
    terminal.say("weir: " + ErrorCode.BUG.label() + ": " + fault);
    terminal.say(isVerbose ? ErrorCode.BUG.fix() : "Run it again with --verbose to see where.");
    return ExitCode.FAILURE.number();
  }

  private static String describe(IOException io) {
    String message = io.getMessage();
    return message == null ? io.getClass().getSimpleName() : message;
  }
}
