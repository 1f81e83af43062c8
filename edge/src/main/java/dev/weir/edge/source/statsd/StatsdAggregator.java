package dev.weir.edge.source.statsd;

import dev.weir.edge.source.metrics.MetricLines;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/// The series of one flush interval. A monitor: whoever receives adds, one thread flushes; nothing
/// in it waits.
///
/// | type | lines of an interval |
/// |---|---|
/// | counter | `name`: the sum, each sample counted as often as its rate says |
/// | gauge | `name`: the last value; kept until it has not been set for as long as is configured |
/// | timer | `name{quantile="0.5"}`, 0.9, 0.95, 0.99, `name_count`, `name_sum`, `name_min`, `name_max` |
/// | set | `name`: how many different members |
///
/// A series that got nothing has no line. All but gauges begin anew with each interval, so that a
/// lost message loses its interval and no more, and a restart needs no state.
final class StatsdAggregator {
  private static final double[] QUANTILES = {0.5, 0.9, 0.95, 0.99};

  /// Bounds what all sets hold together, for each series allowed.
  private static final int MEMBERS_PER_SERIES = 100;

  /// From a microsecond to an hour are 1,100 buckets of one percent; a real timer fills a tenth.
  private static final int MAX_BUCKETS = 1024;

  /// Of all timers together, some 30 MiB; beyond it timers are kept coarsely at their lower end.
  private static final int MAX_ALL_BUCKETS = 1 << 19;

  private static final int MAX_TIGHT_BUCKETS = 16;

  private final int maxSeriesCount;
  private final long gaugeKeptNanos;
  private final Map<Key, Double> counters = new HashMap<>();
  private final Map<Key, Gauge> gauges = new HashMap<>();
  private final Map<Key, ValueSketch> timers = new HashMap<>();
  private final Map<Key, Set<String>> sets = new HashMap<>();
  private long memberCount;
  private long bucketCount;

  private record Key(String name, String labels) {}

  private record Gauge(double value, long setNanos, boolean isNew) {}

  /// @param maxSeriesCount in one interval, gauges that are kept included
  /// @param gaugeKeptNanos how long a gauge is known after it was last set
  StatsdAggregator(int maxSeriesCount, long gaugeKeptNanos) {
    this.maxSeriesCount = maxSeriesCount;
    this.gaugeKeptNanos = gaugeKeptNanos;
  }

  /// @return false when it would be one series, or one member of a set, too many
  synchronized boolean add(StatsdSample sample, long nowNanos) {
    Key key = new Key(sample.name(), sample.labels());
    return switch (sample.type()) {
      case COUNTER -> {
        boolean hasRoom = hasRoom(counters, key);
        if (hasRoom) {
          counters.merge(key, sample.value() * sample.weight(), Double::sum);
        }
        yield hasRoom;
      }
      case GAUGE -> {
        boolean hasRoom = hasRoom(gauges, key);
        if (hasRoom) {
          Gauge before = gauges.get(key);
          double base = sample.isDelta() && before != null ? before.value() : 0;
          gauges.put(key, new Gauge(base + sample.value(), nowNanos, true));
        }
        yield hasRoom;
      }
      case TIMER -> {
        boolean hasRoom = hasRoom(timers, key);
        if (hasRoom) {
          int most = bucketCount < MAX_ALL_BUCKETS ? MAX_BUCKETS : MAX_TIGHT_BUCKETS;
          ValueSketch values = timers.computeIfAbsent(key, _ -> new ValueSketch());
          bucketCount += values.add(sample.value(), sample.weight(), most);
        }
        yield hasRoom;
      }
      case SET -> hasRoom(sets, key) && addMember(key, sample.member());
    };
  }

  private boolean addMember(Key key, String member) {
    Set<String> members = sets.computeIfAbsent(key, _ -> new HashSet<>());
    boolean isFull = memberCount >= (long) MEMBERS_PER_SERIES * maxSeriesCount;
    if (isFull && !members.contains(member)) {
      return false;
    }
    memberCount += members.add(member) ? 1 : 0;
    return true;
  }

  private boolean hasRoom(Map<Key, ?> series, Key key) {
    return series.containsKey(key) || seriesCount() < maxSeriesCount;
  }

  synchronized int seriesCount() {
    return counters.size() + gauges.size() + timers.size() + sets.size();
  }

  /// Writes the interval's lines and begins the next one.
  synchronized void flush(MetricLines lines, long nowNanos) {
    counters.forEach((key, sum) -> lines.add(key.name(), key.labels(), sum));
    counters.clear();
    flushGauges(lines, nowNanos);
    timers.forEach((key, values) -> flush(lines, key, values));
    timers.clear();
    bucketCount = 0;
    sets.forEach((key, members) -> lines.add(key.name(), key.labels(), members.size()));
    sets.clear();
    memberCount = 0;
  }

  private void flushGauges(MetricLines lines, long nowNanos) {
    Iterator<Map.Entry<Key, Gauge>> all = gauges.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Key, Gauge> entry = all.next();
      Gauge gauge = entry.getValue();
      if (gauge.isNew()) {
        lines.add(entry.getKey().name(), entry.getKey().labels(), gauge.value());
        entry.setValue(new Gauge(gauge.value(), gauge.setNanos(), false));
      } else if (nowNanos - gauge.setNanos() >= gaugeKeptNanos) {
        all.remove();
      }
    }
  }

  private static void flush(MetricLines lines, Key key, ValueSketch values) {
    String separator = key.labels().isEmpty() ? "" : ",";
    for (double quantile : QUANTILES) {
      String label = MetricLines.label("quantile", Double.toString(quantile));
      lines.add(key.name(), key.labels() + separator + label, values.quantile(quantile));
    }
    lines.add(key.name() + "_count", key.labels(), values.count());
    lines.add(key.name() + "_sum", key.labels(), values.sum());
    lines.add(key.name() + "_min", key.labels(), values.min());
    lines.add(key.name() + "_max", key.labels(), values.max());
  }
}
