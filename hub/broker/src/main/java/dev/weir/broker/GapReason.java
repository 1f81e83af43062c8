package dev.weir.broker;

/// Why messages cannot be delivered any more.
public enum GapReason {
  /// They were removed by retention.
  RETENTION,
  /// They are damaged.
  DAMAGE
}
