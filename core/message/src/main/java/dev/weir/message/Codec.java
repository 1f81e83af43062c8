package dev.weir.message;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;

/// How a batch's payload is compressed; the number stands in every frame on disk and on the wire.
public enum Codec {
  NONE(0),
  ZSTD(1),
  /// Batches of metrics: columns, then zstd.
  COLUMNAR_ZSTD(2);

  private final int number;

  Codec(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /// @throws WeirException with MALFORMED for a number that this version does not know
  public static Codec of(int number) {
    return switch (number) {
      case 0 -> NONE;
      case 1 -> ZSTD;
      case 2 -> COLUMNAR_ZSTD;
      default ->
          throw new WeirException(
              ErrorCode.MALFORMED, "Codec " + number + " is unknown, expected 0 to 2.");
    };
  }
}
