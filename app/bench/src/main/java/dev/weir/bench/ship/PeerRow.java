package dev.weir.bench.ship;

import dev.weir.bench.BenchRow;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What another program reached in a world, without the extra commit time that the world may have.
///
/// @param name of the program and how it ran
/// @param data what it shipped
record PeerRow(ShipProfile profile, String name, String data, PeerOutcome outcome) {
  double bitsPerSecond() {
    return outcome.load().bytes() * 8 / outcome.load().seconds();
  }

  private double gigabytes() {
    return outcome.load().bytes() / 1e9;
  }

  /// The row of `weir.bench/v1`.
  BenchRow row() {
    Map<String, Double> extra = new LinkedHashMap<>();
    extra.put("seconds", outcome.load().seconds());
    extra.put("appMbitPerSecond", bitsPerSecond() / 1e6);
    extra.put("ackP50Ms", outcome.load().ackP50Ms());
    extra.put("ackP99Ms", outcome.load().ackP99Ms());
    extra.put("wireBytes", (double) outcome.wireBytes());
    extra.put("edgeCpuSecondsPerGB", outcome.load().cpuSeconds() / gigabytes());
    extra.put("coreCpuSecondsPerGB", outcome.farCpuSeconds() / gigabytes());
    extra.put("lost", (double) outcome.lost());
    extra.put("duplicated", (double) outcome.duplicated());
    return new BenchRow(name, bitsPerSecond() / 1e6, "Mbit/s", extra)
        .labelled("profile", profile.name())
        .labelled("data", data);
  }

  /// For people.
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-9s  %s: %.0f Mbit/s of %s, link %.0f %% used, CPU %.1f s/GB near and %.1f s/GB far,"
            + " %,d lost, %,d duplicated",
        profile
            .path()
            .map(path -> path.rtt().toMillis() + "/" + path.bitsPerSecond() / 1_000_000)
            .orElse(profile.name()),
        name,
        bitsPerSecond() / 1e6,
        data,
        outcome.wireBytes() * 800 / outcome.load().seconds() / Math.max(1, profile.bitsPerSecond()),
        outcome.load().cpuSeconds() / gigabytes(),
        outcome.farCpuSeconds() / gigabytes(),
        outcome.lost(),
        outcome.duplicated());
  }
}
