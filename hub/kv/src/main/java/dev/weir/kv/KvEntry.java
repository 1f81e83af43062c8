package dev.weir.kv;

import dev.weir.base.Bytes;

/// One revision of a key.
///
/// @param revision its position in the store's log, 1 or more; later writes have higher ones
/// @param writtenMillis when it was written, milliseconds since 1970
/// @param expiresMillis when it ends, milliseconds since 1970; 0 for never
/// @param value empty unless it is a PUT
public record KvEntry(
    Bytes key, long revision, KvKind kind, long writtenMillis, long expiresMillis, Bytes value) {}
