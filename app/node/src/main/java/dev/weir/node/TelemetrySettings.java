package dev.weir.node;

import dev.weir.config.HostPort;
import dev.weir.config.TelemetryInput;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.http.HttpLimits;
import dev.weir.edge.source.otlp.OtlpConfig;
import dev.weir.edge.source.otlp.OtlpHttpConfig;
import dev.weir.edge.source.prometheus.RemoteWriteConfig;
import dev.weir.edge.source.prometheus.ScrapeConfig;
import java.net.InetSocketAddress;

/// Translates configured inputs of telemetry into what the edge's sources take.
final class TelemetrySettings {
  private TelemetrySettings() {}

  /// What an input becomes; its name is the kind and the place in the list.
  static SourceConfig of(int index, String topic, TelemetryInput input) {
    return switch (input) {
      case TelemetryInput.OtlpInput(HostPort listen, _, var maxBody) ->
          new OtlpConfig("otlp-" + index, topic, address(listen), HttpLimits.of(maxBody));
      case TelemetryInput.OtlpHttpInput(HostPort listen, _, var maxBody) ->
          new OtlpHttpConfig("otlpHttp-" + index, topic, address(listen), HttpLimits.of(maxBody));
      case TelemetryInput.RemoteWriteInput(HostPort listen, _, var maxBody) ->
          new RemoteWriteConfig(
              "remoteWrite-" + index, topic, address(listen), HttpLimits.of(maxBody));
      case TelemetryInput.ScrapeInput(
              var targets,
              _,
              String job,
              var interval,
              var timeout,
              var maxBody) ->
          new ScrapeConfig("scrape-" + index, topic, targets, job, interval, timeout, maxBody);
    };
  }

  private static InetSocketAddress address(HostPort listen) {
    return new InetSocketAddress(listen.host(), listen.port());
  }
}
