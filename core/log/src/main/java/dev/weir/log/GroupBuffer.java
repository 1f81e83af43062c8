package dev.weir.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Where a group of frames is put together before its one write: outside the heap, so that the
/// write copies nothing again, and with addresses that are aligned as the file's positions are, so
/// that whole blocks can go past the page cache. Grows to the largest group that was needed. The
/// log's thread.
final class GroupBuffer {
  /// Enough for a quiet log; the memory is outside the heap and there may be many logs.
  private static final int FIRST_BYTES = 64 << 10;

  private ByteBuffer memory = allocate(FIRST_BYTES);
  private ByteBuffer buffer = memory;
  private int lead;

  /// The empty buffer, for a group that is to be written at a position of its file.
  ByteBuffer clear(long position) {
    lead = (int) (position & (DirectWrites.BLOCK_BYTES - 1));
    buffer = behindLead();
    return buffer;
  }

  /// The buffer, with room for so many bytes more; what was put stays.
  ByteBuffer withRoom(int bytes) {
    if (buffer.remaining() < bytes) {
      long needed = (long) lead + buffer.position() + bytes;
      ByteBuffer content = buffer.flip();
      memory = allocate(Math.toIntExact(Long.highestOneBit(needed - 1) << 1));
      buffer = behindLead().put(content);
    }
    return buffer;
  }

  private ByteBuffer behindLead() {
    return memory.slice(lead, memory.capacity() - lead).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// What was put.
  ByteBuffer content() {
    return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).flip();
  }

  int bytes() {
    return buffer.position();
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes + DirectWrites.BLOCK_BYTES)
        .alignedSlice(DirectWrites.BLOCK_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
