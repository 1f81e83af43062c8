package dev.weir.edge.source.host;

import dev.weir.base.Checks;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.SourceContext;
import dev.weir.message.Topic;
import java.nio.file.Path;
import java.time.Duration;

/// The machine's own figures.
///
/// @param interval between two readings, 1 s to 1 h
/// @param root where `proc` and `sys` are found: `/`, or another place in tests and containers
public record HostConfig(String name, String topic, Duration interval, Path root)
    implements SourceConfig {
  public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(10);

  public HostConfig {
    Topic.check(topic);
    Checks.range("interval millis", interval.toMillis(), 1000, 3_600_000);
  }

  public static HostConfig of(String name, String topic) {
    return new HostConfig(name, topic, DEFAULT_INTERVAL, Path.of("/"));
  }

  @Override
  public Source open(SourceContext context) {
    return new HostSource(this, context.pulled(), context.clock());
  }
}
