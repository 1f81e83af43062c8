package dev.weir.testkit;

/// How one call of a [SimDisk] goes wrong.
public enum Fault {
  /// The power goes: this call happens in part, no later one does.
  CRASH,
  /// Input/output error. A failed force also forgets what it did not write, as Linux does: reading
  /// still shows it, the next force reports success, the disk does not have it.
  EIO,
  /// No space left on device; nothing is written.
  ENOSPC,
  /// A write that stops half-way and then finds the disk full; elsewhere like [#ENOSPC].
  SHORT_WRITE
}
