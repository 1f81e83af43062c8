package dev.weir.log;

import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One segment opened for reading frame by frame, with what was read ahead. Belongs to one reader;
/// the file handle is shared by all readers of the segment.
final class SegmentFrames {
  private final Segment segment;
  private final DiskFile file;
  private final FrameCodec codec;
  private final Chunk chunk;

  private SegmentFrames(Segment segment, DiskFile file, FrameCodec codec, Chunk chunk) {
    this.segment = segment;
    this.file = file;
    this.codec = codec;
    this.chunk = chunk;
  }

  /// @throws java.nio.file.NoSuchFileException when the segment was removed
  static SegmentFrames open(LogState state, Segment segment, Chunk chunk) throws IOException {
    return new SegmentFrames(
        segment, segment.acquire(), new FrameCodec(state.log, segment.number()), chunk);
  }

  void close() {
    segment.release();
  }

  /// The intact header at a position of a frame that ends within the limit, else null.
  @Nullable FrameHeader headerAt(long position, long limit) throws IOException {
    if (position + Layout.FRAME_HEADER_BYTES > limit) {
      return null;
    }
    if (!chunk.holds(position, Layout.FRAME_HEADER_BYTES)) {
      chunk.load(file, position, Layout.FRAME_HEADER_BYTES, limit);
      if (!chunk.holds(position, Layout.FRAME_HEADER_BYTES)) {
        return null;
      }
    }
    @Nullable FrameHeader header = chunk.header(codec, position);
    return header == null || position + header.frameBytes() > limit ? null : header;
  }

  /// The frame behind a header, null when its body is damaged.
  LogEvent.@Nullable Frame frameAt(FrameHeader header, long position, long limit)
      throws IOException {
    if (!chunk.holds(position, header.frameBytes())) {
      chunk.load(file, position, header.frameBytes(), limit);
    }
    if (!chunk.holds(position, header.frameBytes()) || !chunk.isBodyIntact(header, position)) {
      return null;
    }
    return new LogEvent.Frame(
        header.type(),
        header.codec(),
        header.flags(),
        header.baseOffset(),
        header.count(),
        header.lane(),
        header.laneSequence(),
        header.timestampMicros(),
        header.dictionaryId(),
        header.rawLength(),
        chunk.head(header, position),
        chunk.payload(header, position));
  }

  /// The next whole frame after damage: where it is, and the offset it begins at.
  record Found(long position, long offset) {}

  /// Searches for the next whole frame; null when there is none within the limit.
  @Nullable Found search(long from, long limit) throws IOException {
    FrameScan scan = new FrameScan(file, codec, limit);
    long next = scan.nextFrame(from);
    @Nullable FrameHeader header = next < 0 ? null : scan.headerAt(next);
    return header == null ? null : new Found(next, header.baseOffset());
  }
}
