package dev.weir.log;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;

/// What a reader meets.
public sealed interface LogEvent {
  /// One frame, as it was appended, with its place.
  ///
  /// @param baseOffset the offset of its first message
  /// @param count its messages; the next frame begins at `baseOffset + count`
  /// @param timestampMicros when it was committed, microseconds since 1970
  record Frame(
      FrameType type,
      int codec,
      int flags,
      long baseOffset,
      int count,
      int lane,
      long laneSequence,
      long timestampMicros,
      int dictionaryId,
      int rawLength,
      Bytes header,
      Bytes payload)
      implements LogEvent {
    /// Whether it holds a dictionary: its id is the frame's, its payload the bytes.
    public boolean isDictionary() {
      return FrameHeader.isDictionary(type, dictionaryId);
    }

    /// The offset after the last message of this frame.
    public long endOffset() {
      return baseOffset + count;
    }
  }

  /// Messages `[fromOffset, toOffset)` that were in the log and cannot be read.
  record Gap(long fromOffset, long toOffset, GapReason reason) implements LogEvent {
    public Gap {
      Checks.range("toOffset", toOffset, fromOffset + 1, Long.MAX_VALUE);
    }
  }
}
