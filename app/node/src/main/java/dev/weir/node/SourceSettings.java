package dev.weir.node;

import dev.weir.config.EdgeConfig;
import dev.weir.config.HostPort;
import dev.weir.config.InputConfig;
import dev.weir.config.SystemInput;
import dev.weir.config.TelemetryInput;
import dev.weir.edge.source.FileConfig;
import dev.weir.edge.source.Multiline;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.StdinConfig;
import dev.weir.edge.source.http.HttpConfig;
import dev.weir.edge.source.http.HttpLimits;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Translates the configured inputs into what the edge's sources take.
final class SourceSettings {
  private SourceSettings() {}

  /// What the configured inputs become; a name is the kind and the place in the list.
  static List<SourceConfig> of(EdgeConfig edge) {
    List<SourceConfig> sources = new ArrayList<>();
    for (InputConfig input : edge.inputs()) {
      String topic = edge.topicOf(input);
      sources.add(
          switch (input) {
            case InputConfig.StdinInput _ -> StdinConfig.of(topic);
            case InputConfig.FileInput file -> file("file-" + sources.size(), topic, file);
            case InputConfig.HttpInput http -> http("http-" + sources.size(), topic, http);
            case SystemInput system -> SystemSettings.of(sources.size(), topic, system);
            case TelemetryInput telemetry -> TelemetrySettings.of(sources.size(), topic, telemetry);
          });
    }
    return sources;
  }

  private static FileConfig file(String name, String topic, InputConfig.FileInput input) {
    FileConfig config = FileConfig.of(name, topic, input.paths()).from(startsAt(input.from()));
    Optional<Multiline> multiline =
        input
            .startPattern()
            .map(Pattern::compile)
            .map(pattern -> new Multiline(pattern, Multiline.DEFAULT_FLUSH_AFTER));
    return multiline.map(config::with).orElse(config);
  }

  static FileConfig.StartsAt startsAt(InputConfig.From from) {
    return switch (from) {
      case START -> FileConfig.StartsAt.BEGINNING;
      case END -> FileConfig.StartsAt.END;
    };
  }

  private static HttpConfig http(String name, String topic, InputConfig.HttpInput input) {
    HostPort listen = input.listen();
    HttpConfig defaults = HttpConfig.of(topic, new InetSocketAddress(listen.host(), listen.port()));
    return new HttpConfig(
        name, topic, defaults.listen(), defaults.maxMessage(), HttpLimits.of(input.maxBody()));
  }
}
