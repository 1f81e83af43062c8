package dev.weir.message;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.Optional;
import java.util.zip.CRC32C;

/// Messages as spool, wire and log carry them: compressed once, by whoever made the batch, and
/// passed on unchanged. The parts of a log frame, without its identity and place.
///
/// @param codec how the payload is compressed
/// @param dictionary what it takes to decompress it: a batch is complete wherever it goes, and only
///   its encoded forms name the dictionary by its id
/// @param count messages in it, at least 1
/// @param rawLength bytes of the payload before compression
/// @param header an encoded [BatchHeader]
/// @param payload the (compressed) messages, see [BatchBuilder]
public record Batch(
    Codec codec,
    Optional<Dictionary> dictionary,
    int count,
    int rawLength,
    Bytes header,
    Bytes payload) {
  /// Bounds the per-message state that one frame can demand.
  public static final int MAX_COUNT = 1 << 16;

  public Batch {
    if (dictionary.isPresent() && codec != Codec.ZSTD) {
      throw new WeirException(
          ErrorCode.MALFORMED, "A batch of codec " + codec + " names a dictionary.");
    }
    Checks.range("count", count, 1, MAX_COUNT);
    Checks.range("rawLength", rawLength, 0, Compression.MAX_RAW_BYTES);
    Checks.range("header length", header.length(), 0, BatchHeader.MAX_BYTES);
  }

  /// A batch without a dictionary.
  public Batch(Codec codec, int count, int rawLength, Bytes header, Bytes payload) {
    this(codec, Optional.empty(), count, rawLength, header, payload);
  }

  /// The dictionary's id, 0 for none.
  public int dictionaryId() {
    return dictionary.map(Dictionary::id).orElse(0);
  }

  /// The same messages under another header.
  public Batch withHeader(Bytes newHeader) {
    return new Batch(codec, dictionary, count, rawLength, newHeader, payload);
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

  /// The same messages for a reader that cannot have the dictionary: compressed again, at zstd
  /// level 1, or stored as they are when that is smaller.
  ///
  /// @throws WeirException as [Compression#restore]
  public Batch withoutDictionary() {
    return dictionary.isEmpty() ? this : plain();
  }

  /// The same messages for a reader that does not know columns: rows again, as
  /// [#withoutDictionary].
  ///
  /// @throws WeirException as [Compression#restore]
  public Batch asRows() {
    return codec == Codec.COLUMNAR_ZSTD ? plain() : this;
  }

  private Batch plain() {
    Bytes raw = Compression.restore(this);
    Bytes packed = Compression.zstd(raw.toArray(), raw.length(), Encoding.plain(1));
    return packed.length() < raw.length()
        ? new Batch(Codec.ZSTD, count, rawLength, header, packed)
        : new Batch(Codec.NONE, count, rawLength, header, raw);
  }

  /// Bytes that it weighs on the wire and on disk, without the frame around it.
  public int weight() {
    return header.length() + payload.length();
  }
}
