package dev.weir.message;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import java.util.zip.CRC32C;

/// Messages as spool, wire and log carry them: compressed once, by whoever made the batch, and
/// passed on unchanged. The parts of a log frame, without its identity and place.
///
/// @param codec how the payload is compressed
/// @param dictionaryId the dictionary it needs; 0 for none
/// @param count messages in it, at least 1
/// @param rawLength bytes of the payload before compression
/// @param header an encoded [BatchHeader]
/// @param payload the (compressed) messages, see [BatchBuilder]
public record Batch(
    Codec codec, int dictionaryId, int count, int rawLength, Bytes header, Bytes payload) {
  /// Bounds the per-message state that one frame can demand.
  public static final int MAX_COUNT = 1 << 16;

  public Batch {
    Checks.range("count", count, 1, MAX_COUNT);
    Checks.range("rawLength", rawLength, 0, Compression.MAX_RAW_BYTES);
    Checks.range("header length", header.length(), 0, BatchHeader.MAX_BYTES);
  }

  /// The checksum that a frame of it carries on the wire: CRC-32C (Castagnoli, RFC 3720 appendix
  /// B.4) over header and payload.
  public int crc32c() {
    return crc32c(header, payload);
  }

  /// As [#crc32c()], of parts that are no batch yet.
  public static int crc32c(Bytes header, Bytes payload) {
    CRC32C crc = new CRC32C();
    crc.update(header.array(), header.arrayOffset(), header.length());
    crc.update(payload.array(), payload.arrayOffset(), payload.length());
    return (int) crc.getValue();
  }

  /// The same messages for a reader that does not know columns: rows again, zstd at level 1.
  ///
  /// @throws dev.weir.base.WeirException as [Compression#restore]
  public Batch asRows() {
    if (codec != Codec.COLUMNAR_ZSTD) {
      return this;
    }
    Bytes raw = Compression.restore(codec, payload, rawLength);
    Bytes packed = Compression.zstd(raw.toArray(), raw.length(), 1);
    return packed.length() < raw.length()
        ? new Batch(Codec.ZSTD, 0, count, rawLength, header, packed)
        : new Batch(Codec.NONE, 0, count, rawLength, header, raw);
  }

  /// Bytes that it weighs on the wire and on disk, without the frame around it.
  public int weight() {
    return header.length() + payload.length();
  }
}
