package dev.weir.edge.encoding;

import dev.weir.base.Checks;
import dev.weir.message.Encoding;
import java.util.OptionalInt;

/// How batches are to be compressed.
///
/// @param zstdLevel 1 to 19, or 0 for none; empty to let it follow the bottleneck
/// @param usesDictionaries whether dictionaries are trained and used where they gain
public record CompressionPolicy(OptionalInt zstdLevel, boolean usesDictionaries) {
  public static final CompressionPolicy AUTO = new CompressionPolicy(OptionalInt.empty(), true);

  public CompressionPolicy {
    Checks.range("zstdLevel", zstdLevel.orElse(1), 0, Encoding.MAX_LEVEL);
    Checks.argument(
        !usesDictionaries || zstdLevel.orElse(1) > 0, "dictionaries need a zstd level of 1 to 19");
  }

  /// One level, no dictionaries.
  public static CompressionPolicy fixed(int zstdLevel) {
    return new CompressionPolicy(OptionalInt.of(zstdLevel), false);
  }
}
