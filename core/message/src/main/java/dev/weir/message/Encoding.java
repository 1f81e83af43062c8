package dev.weir.message;

import dev.weir.base.Checks;
import java.util.Optional;

/// How the payload of a batch is to be encoded.
///
/// @param zstdLevel 1 to 19, or 0 to store it as it is
/// @param dictionary what to compress with; none when the payload is stored as it is
public record Encoding(int zstdLevel, Optional<Dictionary> dictionary) {
  public static final int MAX_LEVEL = 19;

  public Encoding {
    Checks.range("zstdLevel", zstdLevel, 0, MAX_LEVEL);
    Checks.argument(
        zstdLevel > 0 || dictionary.isEmpty(), "a dictionary needs a zstd level of 1 to 19");
  }

  /// zstd without a dictionary, or nothing at level 0.
  public static Encoding plain(int zstdLevel) {
    return new Encoding(zstdLevel, Optional.empty());
  }

  public static Encoding with(Dictionary dictionary, int zstdLevel) {
    return new Encoding(zstdLevel, Optional.of(dictionary));
  }
}
