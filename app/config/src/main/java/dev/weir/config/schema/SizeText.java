package dev.weir.config.schema;

import dev.weir.base.ByteSize;
import java.util.List;

/// Sizes as configuration writes them: exact, unlike [ByteSize#toString()], which rounds.
final class SizeText {
  private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

  private SizeText() {}

  /// In the largest binary unit that divides the size: `64KiB`, `1536MiB`, `1000B`.
  static String print(ByteSize size) {
    long count = size.bytes();
    int unit = 0;
    while (count != 0 && count % 1024 == 0 && unit < UNITS.size() - 1) {
      count /= 1024;
      unit++;
    }
    return count + UNITS.get(unit);
  }
}
