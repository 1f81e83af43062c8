package dev.weir.config;

import dev.weir.base.ByteSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What an edge gets from operating systems and their daemons.
public sealed interface SystemInput extends InputConfig {
  /// The certificate of a listener.
  ///
  /// @param clientCa who signs the certificates of clients; absent when clients need none
  record Tls(Path certificate, Path key, Optional<Path> clientCa) {}

  /// The PEM files as they are written; certificate and key belong together.
  record TlsFiles(Optional<Path> certificate, Optional<Path> key, Optional<Path> clientCa) {
    /// Absent without a certificate.
    Optional<Tls> complete() {
      return certificate.flatMap(chain -> key.map(own -> new Tls(chain, own, clientCa)));
    }

    boolean isEmpty() {
      return certificate.isEmpty() && key.isEmpty() && clientCa.isEmpty();
    }
  }

  /// How datagrams and streams are taken.
  enum Protocol {
    UDP_AND_TCP,
    UDP,
    TCP;

    Endpoint endpoint(HostPort address) {
      return new Endpoint(
          address,
          switch (this) {
            case UDP_AND_TCP -> Set.of(Transport.UDP, Transport.TCP);
            case UDP -> Set.of(Transport.UDP);
            case TCP -> Set.of(Transport.TCP);
          });
    }
  }

  /// A syslog listener.
  record SyslogInput(
      HostPort listen,
      Protocol protocol,
      Optional<String> topic,
      TlsFiles tlsFiles,
      ByteSize maxMessage,
      int maxConnections)
      implements SystemInput {
    @Override
    public Optional<Endpoint> endpoint() {
      return Optional.of(protocol.endpoint(listen));
    }

    public Optional<Tls> tls() {
      return tlsFiles.complete();
    }
  }

  /// A RELP listener.
  record RelpInput(
      HostPort listen,
      Optional<String> topic,
      TlsFiles tlsFiles,
      ByteSize maxMessage,
      int maxConnections)
      implements SystemInput {
    @Override
    public Optional<Endpoint> endpoint() {
      return Optional.of(Endpoint.tcp(listen));
    }

    public Optional<Tls> tls() {
      return tlsFiles.complete();
    }
  }

  /// A statsd listener.
  ///
  /// @param interval what is aggregated into one sample of a series
  record StatsdInput(
      HostPort listen,
      Protocol protocol,
      Optional<String> topic,
      Duration interval,
      int maxSeries,
      int maxConnections)
      implements SystemInput {
    @Override
    public Optional<Endpoint> endpoint() {
      return Optional.of(protocol.endpoint(listen));
    }
  }

  /// The machine's own figures.
  record HostInput(Optional<String> topic, Duration interval) implements SystemInput {}

  /// The lines of a command.
  ///
  /// @param interval from start to start; absent for one that goes on
  record ExecInput(
      List<String> command, Optional<String> topic, Optional<Duration> interval, ByteSize maxOutput)
      implements SystemInput {
    public ExecInput {
      command = List.copyOf(command);
    }
  }

  /// The system's journal.
  ///
  /// @param directory where it is; absent for the system's own
  record JournaldInput(
      List<String> matches, Optional<String> topic, Optional<Path> directory, From from)
      implements SystemInput {
    public JournaldInput {
      matches = List.copyOf(matches);
    }
  }
}
