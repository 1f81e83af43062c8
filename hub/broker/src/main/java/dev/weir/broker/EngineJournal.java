package dev.weir.broker;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;

/// Records of an owner's state, durable beside the stream. Any thread appends.
public interface EngineJournal extends AutoCloseable {
  /// What became of a record; called once, on the journal's thread.
  interface Listener {
    /// It survives a power cut from here on.
    void durable();

    /// It is not kept.
    void failed(WeirException cause);
  }

  /// Appends; never blocks.
  ///
  /// @return false when there is no room now, or the disk refuses: nothing happened
  boolean offer(Bytes content, Listener listener);

  /// Waits for what was offered. Idempotent, never throws.
  @Override
  void close();
}
