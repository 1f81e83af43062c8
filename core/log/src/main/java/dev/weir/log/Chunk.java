package dev.weir.log;

import dev.weir.base.Bytes;
import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A piece of a segment in memory that frames are cut out of without copying: each read makes a new
/// array, which lives as long as a frame of it does. Belongs to one reader.
final class Chunk {
  /// The first read after a jump: most readers that jump are about to catch up.
  private static final int FIRST_BYTES = 16 << 10;

  /// What a reader that goes on reading gets at once: beyond this the disk gains little.
  private static final int LARGEST_BYTES = 256 << 10;

  private final CRC32C crc = new CRC32C();
  private byte[] bytes = {};
  private long start;
  private int length;
  private int nextBytes = FIRST_BYTES;

  /// Forgets what was read.
  void clear() {
    bytes = new byte[0];
    length = 0;
    nextBytes = FIRST_BYTES;
  }

  boolean holds(long position, int count) {
    return position >= start && position + count <= start + length;
  }

  /// Reads from a position on, `count` bytes at least if the file has them, none beyond the limit.
  void load(DiskFile file, long position, int count, long limit) throws IOException {
    int size = (int) Math.min(Math.max(count, nextBytes), limit - position);
    nextBytes = Math.min(nextBytes * 2, LARGEST_BYTES);
    bytes = new byte[size];
    start = position;
    length = TolerantRead.read(file, bytes, 0, size, position);
  }

  /// The intact header at a position that the chunk holds.
  @Nullable FrameHeader header(FrameCodec codec, long position) {
    return codec.decode(bytes, (int) (position - start), position);
  }

  boolean isBodyIntact(FrameHeader header, long position) {
    crc.reset();
    crc.update(bytes, bodyIndex(position), header.bodyBytes());
    return (int) crc.getValue() == header.bodyCrc();
  }

  /// The owner's header of a frame that the chunk holds.
  Bytes head(FrameHeader header, long position) {
    return Bytes.wrap(bytes, bodyIndex(position), header.headerBytes());
  }

  /// The payload of a frame that the chunk holds.
  Bytes payload(FrameHeader header, long position) {
    return Bytes.wrap(
        bytes,
        bodyIndex(position) + header.headerBytes(),
        header.bodyBytes() - header.headerBytes());
  }

  private int bodyIndex(long position) {
    return (int) (position - start) + Layout.FRAME_HEADER_BYTES;
  }
}
