package dev.weir.edge.encoding;

import dev.weir.base.Bytes;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;

/// Ends batches. Batchers call it from their threads.
@FunctionalInterface
public interface BatchEncoder {
  /// Ends the batch that a builder holds.
  ///
  /// @param origin where the sources stand behind it
  Batch encode(BatchBuilder builder, Bytes origin);

  /// How many raw bytes fill a batch now, at most.
  default int fullBytes() {
    return Integer.MAX_VALUE;
  }

  /// Always the same level, without dictionaries.
  ///
  /// @param zstdLevel 1 to 19, or 0 for none
  static BatchEncoder fixed(int zstdLevel) {
    return (builder, origin) -> builder.build(zstdLevel, origin);
  }
}
