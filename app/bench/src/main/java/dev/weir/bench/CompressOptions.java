package dev.weir.bench;

import dev.weir.base.Checks;

/// What is measured of compression.
///
/// @param zstdLevel 1 to 19
/// @param runs alternating measurements of each way, of which the median counts
/// @param runMillis length of each, 50 or more
/// @param seed of the data
public record CompressOptions(int zstdLevel, int runs, int runMillis, long seed) {
  public CompressOptions {
    Checks.range("zstdLevel", zstdLevel, 1, 19);
    Checks.range("runs", runs, 1, 100);
    Checks.range("runMillis", runMillis, 50, 60_000);
  }
}
