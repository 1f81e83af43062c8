package dev.weir.cli;

import java.util.List;
import picocli.CommandLine.Option;

/// The inputs of `weir edge` that speak the protocols of telemetry.
final class TelemetryOptions {
  @Option(names = "--otlp", paramLabel = "HOST:PORT", description = "Take OTLP over gRPC there.")
  String otlp = "";

  @Option(
      names = "--otlp-http",
      paramLabel = "HOST:PORT",
      description = "Take OTLP over HTTP there.")
  String otlpHttp = "";

  @Option(
      names = "--remote-write",
      paramLabel = "HOST:PORT",
      description = "Take Prometheus remote write there.")
  String remoteWrite = "";

  @Option(
      names = "--scrape",
      paramLabel = "URL",
      arity = "1..*",
      description = "Scrape Prometheus targets every 15 s.")
  List<String> scrape = List.of();

  boolean isEmpty() {
    return otlp.isEmpty() && otlpHttp.isEmpty() && remoteWrite.isEmpty() && scrape.isEmpty();
  }

  /// Adds what was given to the inputs, from a place in their list on.
  ///
  /// @return the next free place
  int addTo(NodeConfiguration configuration, int first) {
    int input = listener(configuration, first, "otlp", otlp);
    input = listener(configuration, input, "otlpHttp", otlpHttp);
    input = listener(configuration, input, "remoteWrite", remoteWrite);
    if (!scrape.isEmpty()) {
      configuration.setting("edge.inputs." + input + ".type", "scrape");
      for (int target = 0; target < scrape.size(); target++) {
        configuration.setting("edge.inputs." + input + ".targets." + target, scrape.get(target));
      }
      input++;
    }
    return input;
  }

  private static int listener(
      NodeConfiguration configuration, int input, String type, String address) {
    if (address.isEmpty()) {
      return input;
    }
    configuration.setting("edge.inputs." + input + ".type", type);
    configuration.setting("edge.inputs." + input + ".listen", address);
    return input + 1;
  }
}
