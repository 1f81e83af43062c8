package dev.weir.node;

import dev.weir.base.ByteSize;
import dev.weir.config.EdgeConfig;
import dev.weir.config.HostPort;
import dev.weir.config.InputConfig;
import dev.weir.edge.source.FileConfig;
import dev.weir.edge.source.HttpConfig;
import dev.weir.edge.source.Multiline;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.StdinConfig;
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
          });
    }
    return sources;
  }

  private static FileConfig file(String name, String topic, InputConfig.FileInput input) {
    FileConfig.StartsAt startsAt =
        switch (input.from()) {
          case START -> FileConfig.StartsAt.BEGINNING;
          case END -> FileConfig.StartsAt.END;
        };
    FileConfig config = FileConfig.of(name, topic, input.paths()).from(startsAt);
    Optional<Multiline> multiline =
        input
            .startPattern()
            .map(Pattern::compile)
            .map(pattern -> new Multiline(pattern, Multiline.DEFAULT_FLUSH_AFTER));
    return multiline.map(config::with).orElse(config);
  }

  private static HttpConfig http(String name, String topic, InputConfig.HttpInput input) {
    HostPort listen = input.listen();
    HttpConfig defaults = HttpConfig.of(topic, new InetSocketAddress(listen.host(), listen.port()));
    return new HttpConfig(
        name,
        topic,
        defaults.listen(),
        defaults.maxMessage(),
        input.maxBody(),
        new ByteSize(Math.max(defaults.maxInFlight().bytes(), input.maxBody().bytes())),
        defaults.requestTimeout(),
        defaults.ackTimeout());
  }
}
