package dev.weir.wire;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;

/// Copies bytes between direct buffers without allocating. Netty's own copy makes two or three
/// views per call where it has no Unsafe, about 300 bytes for each frame of 64, and the cached view
/// of a buffer must not be used when the buffer is shared between loops.
///
/// Both ranges are checked against their buffers before the copy, as nothing else would stop it.
final class DirectCopy {
  @SuppressWarnings("restricted") // Every launcher enables native access, which Netty needs too.
  private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private DirectCopy() {}

  /// Appends part of a buffer to one that has room for it; no index of `source` moves.
  static void append(ByteBuf target, ByteBuf source, int index, int length) {
    if (!source.hasMemoryAddress() || !target.hasMemoryAddress()) {
      target.writeBytes(source, index, length);
      return;
    }
    int at = target.writerIndex();
    if (index < 0
        || length < 0
        || index > source.capacity() - length
        || at > target.capacity() - length
        || source.refCnt() == 0) {
      throw new IndexOutOfBoundsException(
          "copying " + length + " bytes at " + index + " of " + source + " to " + target);
    }
    MemorySegment.copy(
        MEMORY, source.memoryAddress() + index, MEMORY, target.memoryAddress() + at, length);
    target.writerIndex(at + length);
  }
}
