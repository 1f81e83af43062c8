package dev.weir.kv;

/// What an acknowledged write is worth.
///
/// @param revision the write's position in the store's log
/// @param durability how safe it is
/// @param commitMicros time spent in write and fsync, in microseconds
public record KvReceipt(long revision, Durability durability, long commitMicros) {
  /// The worths of a receipt, by their numbers on the wire.
  public enum Durability {
    RECEIVED,
    DURABLE,
    REPLICATED
  }
}
