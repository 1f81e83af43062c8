package dev.weir.config;

import dev.weir.base.ByteSize;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where an edge gets messages from.
public sealed interface InputConfig
    permits InputConfig.FileInput,
        InputConfig.StdinInput,
        InputConfig.HttpInput,
        SystemInput,
        TelemetryInput {
  /// The topic of this input; absent for that of the edge.
  Optional<String> topic();

  /// Where it listens; absent when it does not.
  default Optional<Endpoint> endpoint() {
    return Optional.empty();
  }

  /// An address that is listened on.
  record Endpoint(HostPort address, Set<Transport> transports) {
    public Endpoint {
      transports = Set.copyOf(transports);
    }

    static Endpoint tcp(HostPort address) {
      return new Endpoint(address, Set.of(Transport.TCP));
    }
  }

  /// What an address is listened on for.
  enum Transport {
    TCP,
    UDP
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
    public Optional<Endpoint> endpoint() {
      return Optional.of(Endpoint.tcp(listen));
    }
  }
}
