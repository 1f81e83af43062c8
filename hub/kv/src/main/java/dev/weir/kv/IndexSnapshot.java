package dev.weir.kv;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// The index at the start of a segment, so that a start reads only what came after. Big-endian:
///
/// ```
///  +---------+------------+--------+   version 1; isComplete 0: the index was too large to be
///  | version | isComplete | BUCKET…|   written, a start reads the whole log
///  | u8      | u8         |        |
///  +---------+------------+--------+
///  BUCKET  nameLen u8, name, history u16, ttl u64 ms, forgotten u64, offset u64, keyCount u32, KEY…
///  KEY     keyLen u16, key, lastOffset u64, count u16, REVISION…
///  REVISION  number u64, offset u64, kind u8, written u64, expires u64, valueBytes u32
/// ```
final class IndexSnapshot {
  private static final int VERSION = 1;
  private static final int BUCKET_BYTES = 31 + BucketName.MAX_BYTES;
  private static final int KEY_BYTES = 12;
  private static final int REVISION_BYTES = 37;

  private IndexSnapshot() {}

  static Bytes encode(KvIndex index, long maxBytes) {
    long bytes = 2 + index.keyBytes() + index.revisionCount() * REVISION_BYTES;
    for (Bucket bucket : index.buckets().values()) {
      bytes += BUCKET_BYTES + (long) bucket.keys.size() * KEY_BYTES;
    }
    if (bytes > maxBytes) {
      return Bytes.wrap(new byte[] {VERSION, 0});
    }
    ByteBuffer out = ByteBuffer.allocate((int) bytes);
    out.put((byte) VERSION).put((byte) 1);
    for (Bucket bucket : index.buckets().values()) {
      putBucket(out, bucket);
    }
    return Bytes.copyOf(out.flip());
  }

  private static void putBucket(ByteBuffer out, Bucket bucket) {
    byte[] name = bucket.name.getBytes(StandardCharsets.UTF_8);
    out.put((byte) name.length).put(name);
    out.putShort((short) bucket.config.history()).putLong(bucket.config.ttl().toMillis());
    out.putLong(bucket.forgottenRevision).putLong(bucket.offset).putInt(bucket.keys.size());
    for (KeyState key : bucket.keys.values()) {
      out.putShort((short) key.key.length());
      key.key.copyTo(out);
      out.putLong(key.lastOffset).putShort((short) key.revisions.size());
      for (Revision revision : key.revisions) {
        out.putLong(revision.number).putLong(revision.offset).put((byte) revision.kind.code());
        out.putLong(revision.writtenMillis).putLong(revision.expiresMillis);
        out.putInt(revision.valueBytes);
      }
    }
  }

  /// Fills an empty index.
  ///
  /// @return false when the snapshot is not complete, and the index still empty
  /// @throws WeirException UNSUPPORTED_VERSION or LOG_DAMAGED
  static boolean restore(Bytes snapshot, KvIndex index) {
    ByteBuffer in = snapshot.buffer();
    try {
      int version = in.get();
      if (version != VERSION) {
        throw new WeirException(
            ErrorCode.UNSUPPORTED_VERSION,
            "A key/value snapshot has version " + version + ", expected " + VERSION + ".");
      }
      if (in.get() == 0) {
        return false;
      }
      while (in.hasRemaining()) {
        restoreBucket(in, index);
      }
      return true;
    } catch (BufferUnderflowException e) {
      throw new WeirException(
          ErrorCode.LOG_DAMAGED, "A key/value snapshot ends after " + snapshot.length() + ".", e);
    }
  }

  private static void restoreBucket(ByteBuffer in, KvIndex index) {
    byte[] name = new byte[in.get() & 0xff];
    in.get(name);
    Bucket bucket = index.bucketOrNew(new String(name, StandardCharsets.UTF_8));
    bucket.config = new BucketConfig(in.getShort(), Duration.ofMillis(in.getLong()));
    bucket.forgottenRevision = in.getLong();
    bucket.offset = in.getLong();
    int keys = in.getInt();
    for (int i = 0; i < keys; i++) {
      restoreKey(in, index, bucket);
    }
  }

  private static void restoreKey(ByteBuffer in, KvIndex index, Bucket bucket) {
    byte[] bytes = new byte[in.getShort() & 0xffff];
    in.get(bytes);
    long lastOffset = in.getLong();
    int count = in.getShort();
    if (count == 0 && lastOffset < 0) {
      return; // Only its first write was on its way.
    }
    KeyState key = index.keyOrNew(bucket.name, Bytes.wrap(bytes));
    key.lastOffset = lastOffset;
    for (int i = 0; i < count; i++) {
      long number = in.getLong();
      long offset = in.getLong();
      KvKind kind = KvKind.of(in.get()).orElseThrow();
      var revision =
          new Revision(key, number, offset, kind, in.getLong(), in.getLong(), in.getInt());
      index.add(key, revision);
    }
  }
}
