package dev.weir.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// One measured line of a scenario.
///
/// @param mode what was measured
/// @param rate how many `unit` were reached
/// @param unit such as `msg/s` or `MB/s`
/// @param extra further figures by name, in order
/// @param labels what else tells the row from others, by name, in order
public record BenchRow(
    String mode, double rate, String unit, Map<String, Double> extra, Map<String, String> labels) {
  public BenchRow {
    extra = new LinkedHashMap<>(extra);
    labels = new LinkedHashMap<>(labels);
  }

  public BenchRow(String mode, double rate, String unit, Map<String, Double> extra) {
    this(mode, rate, unit, extra, Map.of());
  }

  /// A row with the percentiles of a latency histogram in nanoseconds, as milliseconds.
  public static BenchRow of(String mode, double rate, String unit, Histogram latencyNanos) {
    Map<String, Double> extra = new LinkedHashMap<>();
    extra.put("p50Ms", latencyNanos.getValueAtPercentile(50) / 1e6);
    extra.put("p99Ms", latencyNanos.getValueAtPercentile(99) / 1e6);
    extra.put("p999Ms", latencyNanos.getValueAtPercentile(99.9) / 1e6);
    extra.put("maxMs", latencyNanos.getMaxValue() / 1e6);
    return new BenchRow(mode, rate, unit, extra);
  }

  public static BenchRow of(String mode, double rate, String unit) {
    return new BenchRow(mode, rate, unit, Map.of());
  }

  public BenchRow with(String name, double value) {
    Map<String, Double> more = new LinkedHashMap<>(extra);
    more.put(name, value);
    return new BenchRow(mode, rate, unit, more, labels);
  }

  public BenchRow labelled(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(labels);
    more.put(name, value);
    return new BenchRow(mode, rate, unit, extra, more);
  }
}
