package dev.weir.edge.encoding;

import dev.weir.base.Bytes;
import dev.weir.message.Compression;
import dev.weir.message.Dictionary;
import dev.weir.message.Encoding;
import java.util.List;
import java.util.Optional;

/// Judges a dictionary by batches that it was not trained on, encoded as they are in use.
final class Holdout {
  /// Less is not worth the bytes and the work around it (research: edge.md §6).
  static final double LEAST_GAIN = 1.05;

  private final List<Bytes> batches;
  private final int zstdLevel;

  Holdout(List<Bytes> batches, int zstdLevel) {
    this.batches = batches;
    this.zstdLevel = zstdLevel;
  }

  /// How many raw bytes a compressed one stands for.
  double ratio(Optional<Dictionary> dictionary) {
    long raw = 0;
    long packed = 0;
    Encoding encoding = new Encoding(zstdLevel, dictionary);
    for (Bytes batch : batches) {
      raw += batch.length();
      packed +=
          Math.min(
              batch.length(), Compression.zstd(batch.toArray(), batch.length(), encoding).length());
    }
    return packed == 0 ? 1 : (double) raw / packed;
  }
}
