package dev.weir.edge.source.prometheus;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.SourceContext;
import dev.weir.message.Topic;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/// Prometheus targets that are scraped.
///
/// @param targets 1 to 1000 addresses of pages, `http` or `https`
/// @param job the value of the label `job`
/// @param interval between two scrapes of a target, 1 s to 1 h
/// @param timeout for a whole answer, 1 ms to the interval
/// @param maxBody the largest answer after decompression, 1 B to 64 MiB
public record ScrapeConfig(
    String name,
    String topic,
    List<URI> targets,
    String job,
    Duration interval,
    Duration timeout,
    ByteSize maxBody)
    implements SourceConfig {
  public ScrapeConfig {
    Topic.check(topic);
    targets = List.copyOf(targets);
    Checks.range("targets", targets.size(), 1, 1000);
    Checks.range("interval millis", interval.toMillis(), 1000, 3_600_000);
    Checks.range("timeout millis", timeout.toMillis(), 1, interval.toMillis());
    Checks.range("maxBody", maxBody.bytes(), 1, 64 << 20);
  }

  @Override
  public Source open(SourceContext context) {
    return new ScrapeSource(this, context);
  }
}
