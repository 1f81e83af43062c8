package dev.weir.log;

/// Why messages cannot be read any more.
public enum GapReason {
  /// They were removed by retention.
  RETENTION,
  /// Their bytes on disk are damaged or gone.
  DAMAGE
}
