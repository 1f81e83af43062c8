package dev.weir.link;

import dev.weir.base.WeirException;

/// Told what became of one offer, once, on any thread; must return at once.
public interface StoreListener {
  /// It is durable.
  ///
  /// @param stream where
  /// @param partition of the stream
  /// @param baseOffset of its first message
  /// @param isDuplicate whether it was stored before and not again now
  /// @param commitMicros write and fsync
  /// @param queueMicros the wait before that
  void stored(
      String stream,
      int partition,
      long baseOffset,
      boolean isDuplicate,
      long commitMicros,
      long queueMicros);

  /// It is not stored; see [LinkStore#offer] for what follows from the code.
  void failed(WeirException cause);
}
