package dev.weir.kv;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The header of a store's record in the log; the frame's payload is the value. Big-endian:
///
/// ```
///  0       1      2          10        18        26          27       27+n     29+n
///  +---------+------+----------+---------+---------+-----------+--------+--------+-----+
///  | version | kind | revision | written | expires | bucketLen | bucket | keyLen | key |
///  | u8      | u8   | u64      | u64 ms  | u64 ms  | u8        | UTF-8  | u16    |     |
///  +---------+------+----------+---------+---------+-----------+--------+--------+-----+
///  kind      1 PUT, 2 DELETE, 3 EXPIRE, 4 BUCKET
///  revision  0: the frame's own offset plus 1. Else the record is a copy of that revision, made so
///            that the segment of the first one may go
/// ```
///
/// A BUCKET record has no key; `written` holds the highest revision whose deletion is forgotten,
/// `expires` the ttl in milliseconds, and `revision` the length of the history.
///
/// @param kindCode of a [KvKind], or [#BUCKET]
record RecordHeader(
    int kindCode, long revision, long writtenMillis, long expiresMillis, String bucket, Bytes key) {
  static final int BUCKET = 4;

  private static final int VERSION = 1;
  private static final int FIXED_BYTES = 29;

  Bytes encode() {
    byte[] name = bucket.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + name.length + key.length());
    out.put((byte) VERSION).put((byte) kindCode);
    out.putLong(revision).putLong(writtenMillis).putLong(expiresMillis);
    out.put((byte) name.length).put(name);
    out.putShort((short) key.length());
    key.copyTo(out);
    return Bytes.wrap(out.array());
  }

  /// Reads what [#encode] wrote; the key is a copy.
  ///
  /// @throws WeirException UNSUPPORTED_VERSION or LOG_DAMAGED
  static RecordHeader decode(Bytes bytes) {
    ByteBuffer in = bytes.buffer();
    try {
      int version = in.get();
      if (version != VERSION) {
        throw new WeirException(
            ErrorCode.UNSUPPORTED_VERSION,
            "A key/value record has version " + version + ", expected " + VERSION + ".");
      }
      int kind = in.get();
      long revision = in.getLong();
      long written = in.getLong();
      long expires = in.getLong();
      byte[] name = new byte[in.get() & 0xff];
      in.get(name);
      byte[] key = new byte[in.getShort() & 0xffff];
      in.get(key);
      return new RecordHeader(
          kind,
          revision,
          written,
          expires,
          new String(name, StandardCharsets.UTF_8),
          Bytes.wrap(key));
    } catch (BufferUnderflowException e) {
      throw new WeirException(
          ErrorCode.LOG_DAMAGED, "A key/value record has " + bytes.length() + " bytes.", e);
    }
  }
}
