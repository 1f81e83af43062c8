package dev.weir.kv;

/// What a watcher is told.
public sealed interface KvEvent {
  /// A key was written, deleted, or its value ended. Revisions rise.
  record Change(KvEntry entry) implements KvEvent {}

  /// Deletions up to a revision are not remembered: of the keys that a watcher knew, those that are
  /// not told before [Synced] may be gone.
  record Forgotten(long revision) implements KvEvent {}

  /// Everything that was there when the watch began has been told; what follows is live.
  ///
  /// @param revision where to go on from after a lost connection, until a change is told
  record Synced(long revision) implements KvEvent {}
}
