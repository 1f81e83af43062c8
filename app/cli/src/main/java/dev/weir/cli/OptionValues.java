package dev.weir.cli;

import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Values of options that only what they are for can judge.
final class OptionValues {
  private OptionValues() {}

  /// @throws ParameterException with the message of the IllegalArgumentException that `values`
  ///   throws, so that a user reads it as any other wrong option
  static <T> T checked(CommandSpec spec, Supplier<T> values) {
    try {
      return values.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage() + ".", e);
    }
  }
}
