package dev.weir.kv;

import dev.weir.base.Bytes;

/// What a client asks of a store, see [KvCodec] for the bytes.
public sealed interface KvRequest {
  String bucket();

  /// The key, or the prefix of keys.
  Bytes key();

  /// `kv/get`.
  ///
  /// @param revision 0 for the newest
  record Get(String bucket, Bytes key, long revision) implements KvRequest {}

  /// `kv/put`.
  ///
  /// @param expected see [KvStore#put]
  /// @param ttlMillis 0 for ever, -1 as the bucket says
  record Put(String bucket, Bytes key, Bytes value, long expected, long ttlMillis)
      implements KvRequest {}

  /// `kv/delete`.
  record Delete(String bucket, Bytes key, long expected) implements KvRequest {}

  /// `kv/history`.
  record History(String bucket, Bytes key) implements KvRequest {}

  /// `kv/keys`.
  record Keys(String bucket, Bytes key, Bytes after, int max) implements KvRequest {}

  /// `kv/configure`.
  record Configure(String bucket, BucketConfig config) implements KvRequest {
    @Override
    public Bytes key() {
      return Bytes.EMPTY;
    }
  }

  /// `kv/watch`, the first message of a stream of its own.
  record Watch(String bucket, Bytes key, long afterRevision) implements KvRequest {}
}
