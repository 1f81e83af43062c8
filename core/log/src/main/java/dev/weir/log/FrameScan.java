package dev.weir.log;

import dev.weir.base.Bytes;
import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Walks over a segment's frames through a window, checking everything and trusting nothing. Used
/// by recovery, by readers that met damage, and by the verifier; one thread.
final class FrameScan {
  /// Large enough that reading a whole segment is limited by the disk, not by calls.
  private static final int WINDOW_BYTES = 256 << 10;

  private final DiskFile file;
  private final FrameCodec codec;
  private final long limit;
  private final byte[] window = new byte[WINDOW_BYTES];
  private final CRC32C crc = new CRC32C();
  private long windowStart;
  private int windowBytes;
  private long readBytes;

  /// @param limit frames end at or before this position
  FrameScan(DiskFile file, FrameCodec codec, long limit) {
    this.file = file;
    this.codec = codec;
    this.limit = limit;
  }

  /// The bytes read so far.
  long readBytes() {
    return readBytes;
  }

  long limit() {
    return limit;
  }

  /// The intact header at a position of a frame that ends within the limit, else null.
  @Nullable FrameHeader headerAt(long position) throws IOException {
    if (position + Layout.FRAME_HEADER_BYTES > limit
        || !load(position, Layout.FRAME_HEADER_BYTES)) {
      return null;
    }
    @Nullable FrameHeader header = codec.decode(window, (int) (position - windowStart), position);
    return header != null && position + header.frameBytes() <= limit ? header : null;
  }

  /// Whether the body behind a header is what was appended.
  boolean isBodyIntact(FrameHeader header, long position) throws IOException {
    crc.reset();
    long at = position + Layout.FRAME_HEADER_BYTES;
    int left = header.bodyBytes();
    while (left > 0) {
      if (!load(at, 1)) {
        return false;
      }
      int index = (int) (at - windowStart);
      int step = Math.min(left, windowBytes - index);
      crc.update(window, index, step);
      at += step;
      left -= step;
    }
    return (int) crc.getValue() == header.bodyCrc();
  }

  /// The owner's header of a frame, without its payload.
  Bytes head(FrameHeader header, long position) throws IOException {
    byte[] head = new byte[header.headerBytes()];
    TolerantRead.read(file, head, 0, head.length, position + Layout.FRAME_HEADER_BYTES);
    return Bytes.wrap(head);
  }

  /// A frame's body.
  byte[] body(FrameHeader header, long position) throws IOException {
    byte[] body = new byte[header.bodyBytes()];
    int read = TolerantRead.read(file, body, 0, body.length, position + Layout.FRAME_HEADER_BYTES);
    return read == body.length ? body : Arrays.copyOf(body, body.length);
  }

  /// Where the next whole frame begins at or after a position, -1 when there is none.
  long nextFrame(long from) throws IOException {
    long position = (from + Layout.ALIGNMENT - 1) & -Layout.ALIGNMENT;
    while (position + Layout.FRAME_HEADER_BYTES <= limit) {
      if (!load(position, Layout.FRAME_HEADER_BYTES)) {
        return -1;
      }
      int index = (int) (position - windowStart);
      if (FrameType.ofCode(window[index + 8]) != null) {
        @Nullable FrameHeader header = headerAt(position);
        if (header != null && isBodyIntact(header, position)) {
          return position;
        }
      }
      position += Layout.ALIGNMENT;
    }
    return -1;
  }

  /// Makes `[position, position + count)` present in the window; false when the file ends before.
  private boolean load(long position, int count) throws IOException {
    if (position >= windowStart && position + count <= windowStart + windowBytes) {
      return true;
    }
    windowStart = position;
    windowBytes = TolerantRead.read(file, window, 0, window.length, position);
    readBytes += windowBytes;
    return windowBytes >= count;
  }
}
