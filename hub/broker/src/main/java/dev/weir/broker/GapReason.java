package dev.weir.broker;

/// Why messages cannot be delivered any more.
public enum GapReason {
  /// They were removed by retention.
  RETENTION,
  /// They are damaged.
  DAMAGE,
  /// The consumer was too far behind and asked for the oldest to be passed over.
  DROPPED,
  /// The consumer was behind and asked for the newest of each topic and key: of this range it got
  /// no others.
  CONFLATED
}
