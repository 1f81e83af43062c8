package dev.weir.edge.source.statsd;

import dev.weir.base.Checks;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.SourceContext;
import dev.weir.message.Topic;
import java.net.InetSocketAddress;
import java.time.Duration;

/// A statsd listener.
///
/// @param listen where; port 0 for any free one
/// @param hasUdp whether datagrams are taken; one of the two must be
/// @param hasTcp whether streams are taken
/// @param interval what is aggregated into one sample of a series, 100 ms to 1 h
/// @param maxSeriesCount in one interval, 1 to 1,000,000; samples of others are counted and dropped
/// @param maxConnectionCount open at once, 1 to 65,536
public record StatsdConfig(
    String name,
    String topic,
    InetSocketAddress listen,
    boolean hasUdp,
    boolean hasTcp,
    Duration interval,
    int maxSeriesCount,
    int maxConnectionCount)
    implements SourceConfig {

  /// What statsd itself has; what dashboards expect.
  public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(10);

  /// Some 20 MiB when all are timers.
  public static final int DEFAULT_MAX_SERIES_COUNT = 10_000;

  public StatsdConfig {
    Topic.check(topic);
    Checks.argument(hasUdp || hasTcp, "neither datagrams nor streams are taken");
    Checks.range("interval millis", interval.toMillis(), 100, 3_600_000);
    Checks.range("maxSeriesCount", maxSeriesCount, 1, 1_000_000);
    Checks.range("maxConnectionCount", maxConnectionCount, 1, 65_536);
  }

  public static StatsdConfig of(String name, String topic, InetSocketAddress listen) {
    return new StatsdConfig(
        name, topic, listen, true, true, DEFAULT_INTERVAL, DEFAULT_MAX_SERIES_COUNT, 512);
  }

  @Override
  public Source open(SourceContext context) {
    return new StatsdSource(this, context.pulled(), context.clock());
  }
}
