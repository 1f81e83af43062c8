package dev.weir.edge.source.process;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Programs by name.
final class Program {
  private Program() {}

  /// @param advice what to do when it is not there
  /// @throws WeirException with CONFIG_ENVIRONMENT when there is no such program
  static void require(String name, String advice) {
    boolean isFound =
        name.contains("/")
            ? Files.isExecutable(Path.of(name))
            : Stream.of(
                    System.getenv()
                        .getOrDefault("PATH", "")
                        .split(Pattern.quote(File.pathSeparator), -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    if (!isFound) {
      throw new WeirException(
          ErrorCode.CONFIG_ENVIRONMENT, "The program " + name + " is not found; " + advice + ".");
    }
  }
}
