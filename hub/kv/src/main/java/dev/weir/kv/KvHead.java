package dev.weir.kv;

import dev.weir.base.Bytes;

/// A revision without its value.
///
/// @param revision its position in the store's log
/// @param writtenMillis when it was written, milliseconds since 1970
/// @param expiresMillis when it ends, milliseconds since 1970; 0 for never
/// @param valueBytes how long its value is
public record KvHead(
    Bytes key, long revision, KvKind kind, long writtenMillis, long expiresMillis, int valueBytes) {
  static KvHead of(Revision revision) {
    return new KvHead(
        revision.key.key,
        revision.number,
        revision.kind,
        revision.writtenMillis,
        revision.expiresMillis,
        revision.valueBytes);
  }
}
