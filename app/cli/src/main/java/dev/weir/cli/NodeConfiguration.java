package dev.weir.cli;

import dev.weir.config.ConfigLoader;
import dev.weir.config.LoadResult;
import dev.weir.config.LoadScope;
import dev.weir.config.mistake.MistakePrinter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Turns flags and files into the configuration of a node. A flag is the setting of the same
/// meaning with the highest precedence, so that flags, environment and files are checked by one
/// schema.
final class NodeConfiguration {
  private final Map<String, String> overrides = new LinkedHashMap<>();

  /// Adds a setting when the flag was given.
  NodeConfiguration flag(String path, String value) {
    if (!value.isEmpty()) {
      overrides.put(path, value);
    }
    return this;
  }

  /// Adds a setting, also an empty one.
  NodeConfiguration setting(String path, String value) {
    overrides.put(path, value);
    return this;
  }

  LoadResult.Loaded load(List<Path> files, LoadScope.Role role, Terminal terminal) {
    return require(
        ConfigLoader.load(files, terminal.environment(), overrides, new LoadScope(role, false)),
        terminal);
  }

  /// @throws ConfigurationRefused after printing every mistake
  static LoadResult.Loaded require(LoadResult result, Terminal terminal) {
    return switch (result) {
      case LoadResult.Refused(var mistakes) -> {
        terminal.say(MistakePrinter.human(mistakes, terminal.isColored()));
        throw new ConfigurationRefused();
      }
      case LoadResult.Loaded loaded -> {
        if (!loaded.warnings().isEmpty()) {
          terminal.say(MistakePrinter.human(loaded.warnings(), terminal.isColored()));
        }
        yield loaded;
      }
    };
  }
}
