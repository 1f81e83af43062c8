package dev.weir.kv;

import dev.weir.base.Bytes;
import java.util.Arrays;
import java.util.Comparator;
import java.util.TreeMap;

/// A bucket: its keys in order, and its kept revisions in order. Guarded by the store's lock.
final class Bucket {
  static final Comparator<Bytes> BY_BYTES =
      (a, b) ->
          Arrays.compareUnsigned(
              a.array(),
              a.arrayOffset(),
              a.arrayOffset() + a.length(),
              b.array(),
              b.arrayOffset(),
              b.arrayOffset() + b.length());

  final String name;
  final TreeMap<Bytes, KeyState> keys = new TreeMap<>(BY_BYTES);
  final TreeMap<Long, Revision> revisions = new TreeMap<>();
  BucketConfig config = BucketConfig.DEFAULT;

  /// Deletions up to this revision may be forgotten.
  long forgottenRevision;

  /// Changes of its configuration on their way to the disk.
  int configuring;

  /// Where its own record is; -1 when it has none.
  long offset = -1;

  Bucket(String name) {
    this.name = name;
  }

  static boolean hasPrefix(Bytes key, Bytes prefix) {
    return key.length() >= prefix.length() && key.slice(0, prefix.length()).equals(prefix);
  }
}
