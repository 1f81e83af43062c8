package dev.weir.config;

import dev.weir.config.mistake.Mistake;
import dev.weir.config.mistake.Source;
import dev.weir.config.schema.Setting;
import java.util.List;

/// What loading came to.
public sealed interface LoadResult {

  /// A configuration to run with.
  ///
  /// @param settings every effective value with its origin, in the order of the schema
  /// @param warnings suspicious settings that stop nothing
  record Loaded(WeirConfig config, List<Setting> settings, List<Mistake> warnings)
      implements LoadResult {
    public Loaded {
      settings = List.copyOf(settings);
      warnings = List.copyOf(warnings);
    }

    /// Whether somebody set this key, such as `server.listen`, instead of leaving its default.
    public boolean isSet(String path) {
      return settings.stream()
          .filter(setting -> setting.path().toString().equals(path))
          .anyMatch(setting -> setting.span().source().kind() != Source.Kind.DEFAULT);
    }
  }

  /// Everything that is wrong, sorted by place; at least one is an error.
  record Refused(List<Mistake> mistakes) implements LoadResult {
    public Refused {
      mistakes = List.copyOf(mistakes);
    }
  }
}
