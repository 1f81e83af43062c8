package dev.weir.log;

import dev.weir.base.WeirException;

/// Told what became of one append. Both methods run on the log's thread, in append order: they must
/// be quick and must not block.
public interface AppendListener {
  /// The entry is on disk: it survives a power cut from here on.
  ///
  /// @param baseOffset the offset of its first message (for CONTROL and LOSS: of the next one)
  /// @param commitMicros time spent in write and fsync, in microseconds
  /// @param queueMicros time from the offer to the start of the write, in microseconds
  /// @param timestampMicros the frame's time, microseconds since 1970; never decreases in a log
  void durable(long baseOffset, long commitMicros, long queueMicros, long timestampMicros);

  /// The entry is not in the log and will not be.
  void failed(WeirException cause);
}
