package dev.weir.bench.ship;

import dev.weir.config.ConfigLoader;
import dev.weir.config.LoadResult;
import dev.weir.config.WeirConfig;
import java.util.List;
import java.util.Map;

/// Configurations of the bench's nodes, through the schema that a file goes through.
public final class EdgeConfigs {
  private EdgeConfigs() {}

  /// @throws IllegalStateException when the settings are refused
  public static WeirConfig of(Map<String, String> settings) {
    return switch (ConfigLoader.load(List.of(), Map.of(), settings)) {
      case LoadResult.Loaded loaded -> loaded.config();
      case LoadResult.Refused(var mistakes) ->
          throw new IllegalStateException("the bench's own settings were refused: " + mistakes);
    };
  }

  static boolean isKnown(Map<String, String> settings) {
    return ConfigLoader.load(List.of(), Map.of(), settings) instanceof LoadResult.Loaded;
  }
}
