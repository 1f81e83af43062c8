package dev.weir.log;

/// Whether a log takes appends, and if not, why. Reading is possible in all but CLOSED.
public enum LogCondition {
  /// Appends are taken.
  OPEN,
  /// The disk is full; it is tried again by itself.
  DISK_FULL,
  /// The disk fails; it is tried again by itself.
  POISONED,
  /// The log was closed.
  CLOSED
}
