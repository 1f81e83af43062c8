package dev.weir.broker;

import dev.weir.base.Bytes;

/// Whose state a journal keeps.
public interface JournalOwner {
  /// All of the state, with every record in it that was appended so far, whether or not it is
  /// durable yet. Replaying a record that is in it already must change nothing in the end. Called
  /// on the journal's thread.
  Bytes snapshot();

  /// Begins with a snapshot; at most once, before any replay.
  void restore(Bytes snapshot);

  /// Takes in a record that may be newer than the snapshot.
  void replay(Bytes content);
}
