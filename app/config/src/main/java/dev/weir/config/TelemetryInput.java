package dev.weir.config;

import dev.weir.base.ByteSize;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Inputs that speak the protocols of telemetry.
public sealed interface TelemetryInput extends InputConfig {
  /// OTLP over gRPC; a signal's topic is one level below the input's.
  record OtlpInput(HostPort listen, Optional<String> topic, ByteSize maxBody)
      implements TelemetryInput {
    @Override
    public Optional<Endpoint> endpoint() {
      return Optional.of(Endpoint.tcp(listen));
    }
  }

  /// OTLP over HTTP; a signal's topic is one level below the input's.
  record OtlpHttpInput(HostPort listen, Optional<String> topic, ByteSize maxBody)
      implements TelemetryInput {
    @Override
    public Optional<Endpoint> endpoint() {
      return Optional.of(Endpoint.tcp(listen));
    }
  }

  /// Prometheus remote write.
  record RemoteWriteInput(HostPort listen, Optional<String> topic, ByteSize maxBody)
      implements TelemetryInput {
    @Override
    public Optional<Endpoint> endpoint() {
      return Optional.of(Endpoint.tcp(listen));
    }
  }

  /// Prometheus targets that are scraped.
  ///
  /// @param job the value of the label `job`
  record ScrapeInput(
      List<URI> targets,
      Optional<String> topic,
      String job,
      Duration interval,
      Duration timeout,
      ByteSize maxBody)
      implements TelemetryInput {
    public ScrapeInput {
      targets = List.copyOf(targets);
    }
  }
}
