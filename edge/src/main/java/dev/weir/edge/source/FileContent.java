package dev.weir.edge.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Reads of an open file that stop at its end, and checksums of parts of it.
final class FileContent {
  /// Enough to tell logs apart that begin with the same banner; what other collectors found needed.
  static final int FINGERPRINT_BYTES = 256;

  private static final byte[][] COMPRESSED_MAGICS = {
    {0x1f, (byte) 0x8b},
    {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd},
    {'B', 'Z', 'h'},
    {(byte) 0xfd, '7', 'z', 'X', 'Z', 0}
  };

  private FileContent() {}

  /// Up to `count` bytes from an offset; fewer at the end.
  static byte[] read(FileChannel channel, long offset, int count) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(count);
    read(channel, offset, target);
    return Arrays.copyOf(target.array(), target.position());
  }

  /// Fills the buffer as far as the file reaches.
  static void read(FileChannel channel, long offset, ByteBuffer target) throws IOException {
    long position = offset;
    while (target.hasRemaining()) {
      int count = channel.read(target, position);
      if (count <= 0) {
        return;
      }
      position += count;
    }
  }

  static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /// Whether the file holds, at the same places, what the position remembers.
  static boolean matches(FileChannel channel, FilePosition position) throws IOException {
    return hasHead(channel, position) && hasTail(channel, position);
  }

  static boolean hasHead(FileChannel channel, FilePosition position) throws IOException {
    byte[] head = read(channel, 0, position.fingerprintBytes());
    return head.length == position.fingerprintBytes() && crc(head) == position.fingerprint();
  }

  static boolean hasTail(FileChannel channel, FilePosition position) throws IOException {
    long from = position.offset() - position.tailBytes();
    byte[] tail = read(channel, from, position.tailBytes());
    return tail.length == position.tailBytes()
        && crc(tail) == position.tail()
        && channel.size() >= position.offset();
  }

  static boolean isCompressed(byte[] head) {
    for (byte[] magic : COMPRESSED_MAGICS) {
      if (head.length >= magic.length
          && Arrays.equals(head, 0, magic.length, magic, 0, magic.length)) {
        return true;
      }
    }
    return false;
  }

  /// The place after the last line feed, so that an unfinished last line is read as a whole; the
  /// size itself when the last 64 KiB hold none.
  static long endOfLastLine(FileChannel channel) throws IOException {
    long size = channel.size();
    long from = Math.max(0, size - (64 << 10));
    byte[] end = read(channel, from, (int) (size - from));
    for (int i = end.length - 1; i >= 0; i--) {
      if (end[i] == '\n') {
        return from + i + 1;
      }
    }
    return from == 0 ? 0 : size;
  }
}
