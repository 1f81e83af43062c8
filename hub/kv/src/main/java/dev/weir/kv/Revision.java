package dev.weir.kv;

import java.util.Comparator;

/// One kept revision in the index. Guarded by the store's lock; what it says but for its place
/// never changes.
final class Revision {
  /// When they end, then which was first.
  static final Comparator<Revision> BY_EXPIRY =
      Comparator.<Revision>comparingLong(r -> r.expiresMillis).thenComparingLong(r -> r.number);

  final KeyState key;
  final long number;
  final KvKind kind;
  final long writtenMillis;
  final long expiresMillis;
  final int valueBytes;

  /// Where its record is in the log; moves when it is copied.
  long offset;

  Revision(
      KeyState key,
      long number,
      long offset,
      KvKind kind,
      long writtenMillis,
      long expiresMillis,
      int valueBytes) {
    this.key = key;
    this.number = number;
    this.offset = offset;
    this.kind = kind;
    this.writtenMillis = writtenMillis;
    this.expiresMillis = expiresMillis;
    this.valueBytes = valueBytes;
  }

  boolean isValueAt(long nowMillis) {
    return kind == KvKind.PUT && (expiresMillis == 0 || expiresMillis > nowMillis);
  }

  /// What its record takes on disk, about: frame header, record header, names, value, alignment.
  long recordBytes() {
    return 104L + key.bucket.name.length() + key.key.length() + valueBytes;
  }
}
