package dev.weir.kv;

import dev.weir.base.Bytes;
import java.util.concurrent.CompletableFuture;

/// A write as it was asked for.
///
/// @param expected the revision that the key must be at; 0 for no value, [#ANY] for whatever
/// @param ttlMillis how long it lives, 0 for ever, [#BUCKET_TTL] as its bucket says
/// @param result told by the log's thread
record Write(
    KvKind kind,
    String bucket,
    Bytes key,
    Bytes value,
    long expected,
    long ttlMillis,
    CompletableFuture<WriteResult> result) {
  static final long ANY = -1;
  static final long BUCKET_TTL = -1;
}
