package dev.weir.log;

import dev.weir.base.Bytes;
import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds places in a log: by time, and the newest snapshot. Any thread.
final class Lookup {
  private final LogState state;

  Lookup(LogState state) {
    this.state = state;
  }

  /// A snapshot and where the frames after it begin.
  record Snapshot(LogSnapshot value, Segment segment, long endPosition) {}

  /// Each segment begins with a snapshot; the newest whole one counts.
  Optional<Snapshot> snapshot() throws IOException {
    List<Segment> segments = state.catalog.all();
    for (Segment segment : segments.reversed()) {
      DiskFile file = segment.acquire();
      try {
        long position = Layout.SEGMENT_HEADER_BYTES;
        FrameScan scan =
            new FrameScan(file, new FrameCodec(state.log, segment.number()), file.size());
        @Nullable FrameHeader header = scan.headerAt(position);
        if (header != null
            && header.type() == FrameType.SNAP
            && scan.isBodyIntact(header, position)) {
          Bytes payload = Bytes.wrap(scan.body(header, position));
          return Optional.of(
              new Snapshot(
                  new LogSnapshot(header.baseOffset(), payload),
                  segment,
                  position + header.frameBytes()));
        }
      } finally {
        segment.release();
      }
    }
    return Optional.empty();
  }

  /// The first offset committed at or after a time. Times never decrease in a log, so the segment
  /// is found by halving and the frame by its index.
  long offsetAtTime(long micros) throws IOException {
    List<Segment> segments = state.catalog.all();
    int low = 0;
    int high = segments.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (endsBefore(segments.get(middle), micros)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == segments.size()) {
      return state.durable().offset();
    }
    try (LogReader reader = SegmentedReader.deliveries(state, startIn(segments.get(low), micros))) {
      @Nullable LogEvent event = reader.next();
      while (event != null) {
        if (event instanceof LogEvent.Frame frame
            && frame.type() == FrameType.DATA
            && frame.timestampMicros() >= micros) {
          return frame.baseOffset();
        }
        event = reader.next();
      }
    }
    return state.durable().offset();
  }

  private boolean endsBefore(Segment segment, long micros) throws IOException {
    return segment.activeIndex() == null && state.indexes.of(segment).lastMicros < micros;
  }

  private long startIn(Segment segment, long micros) throws IOException {
    @Nullable IndexBuilder growing = segment.activeIndex();
    SegmentFooter footer =
        growing == null
            ? state.indexes.of(segment)
            : growing.build(segment.baseOffset(), List.of());
    int block = footer.blockBeforeTime(micros);
    return Math.max(
        state.firstOffset(), block < 0 ? segment.baseOffset() : footer.blockOffset(block));
  }
}
