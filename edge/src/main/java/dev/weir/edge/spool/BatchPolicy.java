package dev.weir.edge.spool;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.edge.encoding.CompressionPolicy;
import java.time.Duration;

/// When a batch is full and how it is compressed.
///
/// @param rawSize messages gathered before compression, 1 KiB to 8 MiB; less while the link is the
///   bottleneck, as the encoder says
/// @param linger how long the first message of a batch waits for company when nobody waits for it
/// @param compression level and dictionaries
/// @param isColumnar whether batches of metrics become columns where that is smaller
public record BatchPolicy(
    ByteSize rawSize, Duration linger, CompressionPolicy compression, boolean isColumnar) {
  /// From 64 KiB on a batch compresses as well as a dictionary does (research: labels of 0.2 KB
  /// reach 8.3 times in a batch, 3.4 with a dictionary); four times that makes the frame's header
  /// nothing.
  public static final BatchPolicy DEFAULT =
      new BatchPolicy(
          ByteSize.ofKibibytes(256), Duration.ofMillis(200), CompressionPolicy.AUTO, true);

  public BatchPolicy {
    Checks.range("rawSize", rawSize.bytes(), 1 << 10, 8 << 20);
    Checks.range("linger millis", linger.toMillis(), 0, 300_000);
  }

  /// One level for all, no dictionaries.
  ///
  /// @param zstdLevel 1 to 19, or 0 for none
  public BatchPolicy(ByteSize rawSize, Duration linger, int zstdLevel, boolean isColumnar) {
    this(rawSize, linger, CompressionPolicy.fixed(zstdLevel), isColumnar);
  }
}
