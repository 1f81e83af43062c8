package dev.weir.log;

import dev.weir.base.Bytes;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/// Reads dictionaries out of segments. The segment of the frame comes first: its copy is the one
/// that was meant, whatever else bore the same id before or after. Any thread.
final class SegmentDictionaries {
  private SegmentDictionaries() {}

  /// @param first where to look first, null when that segment is gone
  /// @return empty when no segment has it whole
  static Bytes find(LogState state, @Nullable Segment first, int id) throws IOException {
    Bytes found = first == null ? Bytes.EMPTY : read(state, first, id);
    if (found.isEmpty()) {
      for (Segment other : state.catalog.all()) {
        found = other == first ? found : read(state, other, id);
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    return found;
  }

  private static Bytes read(LogState state, Segment segment, int id) throws IOException {
    try {
      @Nullable IndexBuilder growing = segment.activeIndex();
      long position =
          growing == null ? state.indexes.of(segment).dictionaryAt(id) : growing.dictionaryAt(id);
      if (position < 0) {
        return Bytes.EMPTY;
      }
      // The growing index knows only what is durable.
      long limit = growing == null ? state.indexes.endOf(segment) : Long.MAX_VALUE;
      return read(state, segment, position, limit);
    } catch (NoSuchFileException _) {
      return Bytes.EMPTY; // Retention was faster.
    }
  }

  private static Bytes read(LogState state, Segment segment, long position, long limit)
      throws IOException {
    SegmentFrames frames = SegmentFrames.open(state, segment, new Chunk());
    try {
      @Nullable FrameHeader header = frames.headerAt(position, limit);
      LogEvent.@Nullable Frame frame =
          header == null || !header.isDictionary() ? null : frames.frameAt(header, position, limit);
      return frame == null ? Bytes.EMPTY : frame.payload();
    } finally {
      frames.close();
    }
  }
}
