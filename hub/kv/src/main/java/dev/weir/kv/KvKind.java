package dev.weir.kv;

import java.util.Optional;

/// What a revision did to its key. The numbers stand on disk and on the wire.
public enum KvKind {
  PUT(1),
  DELETE(2),
  /// Its time to live was over.
  EXPIRE(3);

  private final int code;

  KvKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static Optional<KvKind> of(int code) {
    return switch (code) {
      case 1 -> Optional.of(PUT);
      case 2 -> Optional.of(DELETE);
      case 3 -> Optional.of(EXPIRE);
      default -> Optional.empty();
    };
  }
}
