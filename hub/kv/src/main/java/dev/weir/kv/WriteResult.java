package dev.weir.kv;

/// What became of a write.
public sealed interface WriteResult {
  /// It is on disk.
  record Stored(KvReceipt receipt) implements WriteResult {}

  /// Nothing was written, since the key is at another revision than the writer expected.
  ///
  /// @param revision where the key is; 0 when it has no value
  record Conflict(long revision) implements WriteResult {}

  /// Nothing was written, since there was nothing to delete.
  record Absent() implements WriteResult {}
}
