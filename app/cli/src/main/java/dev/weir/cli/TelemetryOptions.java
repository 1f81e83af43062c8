package dev.weir.cli;

import java.util.List;
import java.util.Map;
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
  List<String> targets = List.of();

  boolean hasTargets() {
    return !targets.isEmpty();
  }

  /// Adds the kinds of input that need an address and no more, with theirs.
  void addListeners(Map<String, String> listeners) {
    listeners.put("otlp", otlp);
    listeners.put("otlpHttp", otlpHttp);
    listeners.put("remoteWrite", remoteWrite);
  }

  /// Adds the targets, as the input at a place of the list.
  void addTargets(NodeConfiguration configuration, int input) {
    if (!hasTargets()) {
      return;
    }
    configuration.setting("edge.inputs." + input + ".type", "scrape");
    for (int target = 0; target < targets.size(); target++) {
      configuration.setting("edge.inputs." + input + ".targets." + target, targets.get(target));
    }
  }
}
