package dev.weir.config;

import dev.weir.base.ByteSize;
import java.util.List;
import java.util.Optional;

/// Where an edge gets messages from.
public sealed interface InputConfig
    permits InputConfig.FileInput, InputConfig.StdinInput, InputConfig.HttpInput, TelemetryInput {
  /// The topic of this input; absent for that of the edge.
  Optional<String> topic();

  /// Where it listens; absent when it does not.
  default Optional<HostPort> listener() {
    return Optional.empty();
  }

  /// Files that are followed, by paths or globs.
  ///
  /// @param startPattern a regular expression that the first line of an event matches; absent when
  ///   each line is an event
  record FileInput(
      List<String> paths, Optional<String> topic, Optional<String> startPattern, From from)
      implements InputConfig {
    public FileInput {
      paths = List.copyOf(paths);
    }
  }

  /// Where a file that was never seen is read from.
  enum From {
    START,
    END
  }

  /// The lines of standard input.
  record StdinInput(Optional<String> topic) implements InputConfig {}

  /// An HTTP endpoint that answers 2xx once the body is durable.
  record HttpInput(HostPort listen, Optional<String> topic, ByteSize maxBody)
      implements InputConfig {
    @Override
    public Optional<HostPort> listener() {
      return Optional.of(listen);
    }
  }
}
