package dev.weir.bench.ship;

import dev.weir.bench.BenchRow;
import dev.weir.bench.Spread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// A mode in a world: the middle of its runs.
///
/// @param results one a run, at least one
record ShipRow(ShipProfile profile, ShipMode mode, List<ShipResult> results) {
  /// What the published run shipped.
  static final double PUBLISHED_BYTES = 7e9;

  ShipRow {
    results = List.copyOf(results);
  }

  double bitsPerSecond() {
    return median(ShipResult::bitsPerSecond);
  }

  double secondsFor7Gb() {
    return PUBLISHED_BYTES * 8 / bitsPerSecond();
  }

  double median(ToDoubleFunction<ShipResult> figure) {
    return spread(figure).median();
  }

  private Spread spread(ToDoubleFunction<ShipResult> figure) {
    return Spread.of(results.stream().map(figure::applyAsDouble).toList());
  }

  private double sum(ToDoubleFunction<ShipResult> figure) {
    return results.stream().mapToDouble(figure).sum();
  }

  boolean isClean() {
    return results.stream().allMatch(result -> result.audit().isClean());
  }

  /// The row of `weir.bench/v1`.
  BenchRow row() {
    Map<String, Double> extra = new LinkedHashMap<>();
    extra.put("seconds", median(result -> result.load().seconds()));
    extra.put("appMbitPerSecond", bitsPerSecond() / 1e6);
    extra.put("lowestMbitPerSecond", spread(ShipResult::bitsPerSecond).low() / 1e6);
    extra.put("highestMbitPerSecond", spread(ShipResult::bitsPerSecond).high() / 1e6);
    extra.put("ackP50Ms", median(result -> result.load().ackP50Ms()));
    extra.put("ackP99Ms", median(result -> result.load().ackP99Ms()));
    extra.put("wireBytes", median(result -> (double) result.wireBytes()));
    extra.put("utilisation", median(ShipResult::utilisation));
    extra.put("secondsFor7GB", secondsFor7Gb());
    extra.put("edgeCpuSecondsPerGB", median(r -> r.load().cpuSeconds() / r.load().bytes() * 1e9));
    extra.put("coreCpuSecondsPerGB", median(r -> r.coreCpuSeconds() / r.load().bytes() * 1e9));
    extra.put("lost", sum(result -> (double) result.audit().lost()));
    extra.put("duplicated", sum(result -> (double) result.audit().duplicated()));
    extra.put("damaged", sum(result -> (double) result.audit().damaged()));
    return new BenchRow(mode.name(), bitsPerSecond() / 1e6, "Mbit/s", extra)
        .labelled("profile", profile.name());
  }
}
