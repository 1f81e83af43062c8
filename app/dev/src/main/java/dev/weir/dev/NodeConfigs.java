package dev.weir.dev;

import dev.weir.config.ConfigLoader;
import dev.weir.config.LoadResult;
import dev.weir.config.WeirConfig;
import java.util.List;
import java.util.Map;

/// Configurations of the demonstration's nodes, through the same schema as a file's.
final class NodeConfigs {
  private NodeConfigs() {}

  static WeirConfig of(Map<String, String> settings) {
    return switch (ConfigLoader.load(List.of(), Map.of(), settings)) {
      case LoadResult.Loaded loaded -> loaded.config();
      case LoadResult.Refused(var mistakes) ->
          throw new IllegalStateException("our own settings were refused: " + mistakes);
    };
  }
}
