package dev.weir.edge.source;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Where reading of a file goes on, and how to know that it is still the same content. Version 1,
/// little-endian:
///
/// ```
///  byte 0      u8  version = 1
///       1      u8  tail length, 0 to 64
///       2      u16 fingerprint length, 0 to 256
///       4      u32 fingerprint: CRC32C of that many first bytes
///       8      u64 offset in the file
///      16      u32 tail: CRC32C of that many bytes before the offset
///      20      u32 parts sent of a split line that goes on at the offset
///      24 ..   path when it was last seen, UTF-8
/// ```
record FilePosition(
    String path,
    int fingerprintBytes,
    int fingerprint,
    long offset,
    int tailBytes,
    int tail,
    int part) {
  private static final int VERSION = 1;
  private static final int PREFIX_BYTES = 24;

  Bytes encode() {
    Bytes name = Bytes.utf8(path);
    ByteBuffer out =
        ByteBuffer.allocate(PREFIX_BYTES + name.length()).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) VERSION).put((byte) tailBytes).putShort((short) fingerprintBytes);
    out.putInt(fingerprint).putLong(offset).putInt(tail).putInt(part);
    name.copyTo(out);
    return Bytes.wrap(out.array());
  }

  /// @throws WeirException with MALFORMED when it is not one
  static FilePosition decode(Bytes encoded) {
    try {
      ByteBuffer in = encoded.buffer().order(ByteOrder.LITTLE_ENDIAN);
      int version = in.get();
      int tailBytes = in.get() & 0xff;
      int fingerprintBytes = in.getShort() & 0xffff;
      int fingerprint = in.getInt();
      long offset = in.getLong();
      boolean isValid =
          version == VERSION
              && tailBytes <= LineScanner.TAIL_BYTES
              && fingerprintBytes <= FileContent.FINGERPRINT_BYTES
              && offset >= tailBytes;
      if (isValid) {
        int tail = in.getInt();
        int part = in.getInt();
        String path = encoded.slice(PREFIX_BYTES, encoded.length() - PREFIX_BYTES).utf8();
        return new FilePosition(path, fingerprintBytes, fingerprint, offset, tailBytes, tail, part);
      }
    } catch (BufferUnderflowException e) {
      throw new WeirException(ErrorCode.MALFORMED, "A file position is cut short.", e);
    }
    throw new WeirException(ErrorCode.MALFORMED, "A file position cannot be read.");
  }
}
