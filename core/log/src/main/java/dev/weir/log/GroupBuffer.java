package dev.weir.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Where a group of frames is put together before its one write: outside the heap, so that the
/// write copies nothing again. Grows to the largest group that was needed. The log's thread.
final class GroupBuffer {
  /// Enough for a quiet log; the memory is outside the heap and there may be many logs.
  private static final int FIRST_BYTES = 64 << 10;

  private ByteBuffer buffer = allocate(FIRST_BYTES);

  /// The empty buffer.
  ByteBuffer clear() {
    return buffer.clear();
  }

  /// The buffer, with room for so many bytes more; what was put stays.
  ByteBuffer withRoom(int bytes) {
    if (buffer.remaining() < bytes) {
      long needed = (long) buffer.position() + bytes;
      ByteBuffer grown =
          allocate(Math.toIntExact(Math.max(Long.highestOneBit(needed - 1) << 1, FIRST_BYTES)));
      grown.put(buffer.flip());
      buffer = grown;
    }
    return buffer;
  }

  /// What was put.
  ByteBuffer content() {
    return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).flip();
  }

  int bytes() {
    return buffer.position();
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
