package dev.weir.message;

/// What an ack is worth.
public enum Durability {
  /// In memory of one process.
  RECEIVED,
  /// On the disk of one machine: written and fsynced.
  DURABLE,
  /// On the disks of several machines.
  REPLICATED
}
