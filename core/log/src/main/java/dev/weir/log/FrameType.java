package dev.weir.log;

import org.jspecify.annotations.Nullable;

/// What a frame of the log holds.
public enum FrameType {
  /// Messages; the only type that uses up offsets.
  DATA(1),
  /// Nothing: bytes to step over.
  PAD(2),
  /// The footer that ends a complete segment.
  SEAL(3),
  /// The owner's state as it was when the segment began.
  SNAP(4),
  /// The owner's own records: dictionaries, lane state, cursors.
  CONTROL(5),
  /// A range that the owner dropped knowingly.
  LOSS(6),
  /// A range that the log itself found damaged.
  HOLE(7);

  private static final FrameType[] BY_CODE = {null, DATA, PAD, SEAL, SNAP, CONTROL, LOSS, HOLE};

  private final int code;

  FrameType(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static @Nullable FrameType ofCode(int code) {
    return code >= 1 && code < BY_CODE.length ? BY_CODE[code] : null;
  }
}
