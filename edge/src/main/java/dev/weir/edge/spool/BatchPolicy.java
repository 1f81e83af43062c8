package dev.weir.edge.spool;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import java.time.Duration;

/// When a batch is full and how it is compressed.
///
/// @param rawSize messages gathered before compression, 1 KiB to 8 MiB
/// @param linger how long the first message of a batch waits for company when nobody waits for it
/// @param zstdLevel 1 to 19, or 0 for none
/// @param isColumnar whether batches of metrics become columns where that is smaller
public record BatchPolicy(ByteSize rawSize, Duration linger, int zstdLevel, boolean isColumnar) {
  /// From 64 KiB on a batch compresses as well as a dictionary does (research: labels of 0.2 KB
  /// reach 8.3 times in a batch, 3.4 with a dictionary); four times that makes the frame's header
  /// nothing.
  public static final BatchPolicy DEFAULT =
      new BatchPolicy(ByteSize.ofKibibytes(256), Duration.ofMillis(200), 1, true);

  public BatchPolicy {
    Checks.range("rawSize", rawSize.bytes(), 1 << 10, 8 << 20);
    Checks.range("linger millis", linger.toMillis(), 0, 300_000);
    Checks.range("zstdLevel", zstdLevel, 0, 19);
  }
}
