package dev.weir.message;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Compresses payloads, and decompresses them within limits: the announced raw length is checked
/// before a byte is allocated, so that a bomb costs nothing.
public final class Compression {
  /// The largest raw payload: one message of the largest size and its frame around it.
  public static final int MAX_RAW_BYTES = Message.MAX_BODY_BYTES + (64 << 10);

  /// zstd reaches a few hundred on real telemetry; a thousand on honest data was not seen.
  public static final int MAX_RATIO = 1000;

  /// A payload this small may exceed the ratio: a message of zeroes at the default limit is no
  /// bomb.
  private static final int RATIO_FREE_BYTES = 1 << 20;

  private Compression() {}

  /// RFC 8878 §3.1.1.1: magic, descriptor, window, dictionary id, content size.
  private static final int MAX_FRAME_HEADER_BYTES = 18;

  private static final int STREAM_WINDOW_LOG = 23;

  /// A sixteenth of unused room is not worth a copy.
  private static final int MAX_SLACK_PART = 16;

  private static final int SKIPPABLE_MAGIC = 0x184D2A50;
  private static final int SKIPPABLE_HEADER_BYTES = 8;

  /// Compresses at a zstd level from 1 to 19; see [#zstd(byte[], int, Encoding)].
  public static Bytes zstd(byte[] raw, int length, int level) {
    return zstd(raw, length, Encoding.plain(level));
  }

  /// Compresses. What compresses beyond [#MAX_RATIO] is filled up with a skippable frame (RFC 8878
  /// §3.1.2), so that no receiver takes it for a bomb. With a dictionary the frame names it and has
  /// a content checksum: another dictionary of the same id would not go unnoticed.
  ///
  /// @param encoding of a level from 1 on
  public static Bytes zstd(byte[] raw, int length, Encoding encoding) {
    byte[] target = new byte[bound(length)];
    int size = compress(target, raw, length, encoding);
    return trimmed(target, size);
  }

  /// As [#zstd(byte[], int, Encoding)], by way of a caller's array: whoever compresses again and
  /// again does not ask for the room of data which do not compress each time.
  ///
  /// @param target at least [#bound] long; free again when this returns
  static Bytes zstd(byte[] target, byte[] raw, int length, Encoding encoding) {
    return Bytes.wrap(Arrays.copyOf(target, compress(target, raw, length, encoding)));
  }

  /// The room that compressing so many bytes needs.
  static int bound(int length) {
    return Math.toIntExact(Zstd.compressBound(length));
  }

  private static int compress(byte[] target, byte[] raw, int length, Encoding encoding) {
    Checks.range("level", encoding.zstdLevel(), 1, Encoding.MAX_LEVEL);
    long size = compressFrame(target, raw, length, encoding);
    Checks.state(!Zstd.isError(size), "zstd failed: " + Zstd.getErrorName(size));
    return padded(target, (int) size, length);
  }

  private static long compressFrame(byte[] target, byte[] raw, int length, Encoding encoding) {
    int level = encoding.zstdLevel();
    if (encoding.dictionary().isEmpty()) {
      return Zstd.compressByteArray(target, 0, target.length, raw, 0, length, level);
    }
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setLevel(level).setChecksum(true).setDictID(true).setContentSize(true);
      context.loadDict(encoding.dictionary().get().encoding(level));
      return context.compressByteArray(target, 0, target.length, raw, 0, length);
    }
  }

  /// @return the size with the padding
  private static int padded(byte[] target, int size, int length) {
    int wanted = isBomb(size, length) ? length / MAX_RATIO : 0;
    if (wanted == 0) {
      return size;
    }
    int padding = Math.max(0, wanted - size - SKIPPABLE_HEADER_BYTES);
    ByteBuffer.wrap(target)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(size, SKIPPABLE_MAGIC)
        .putInt(size + 4, padding)
        .put(size + SKIPPABLE_HEADER_BYTES, new byte[padding]);
    return size + SKIPPABLE_HEADER_BYTES + padding;
  }

  /// Queues and caches bound what they hold by its length, so no result may keep much more alive:
  /// the room that a compressor needs is that of data which do not compress.
  private static Bytes trimmed(byte[] target, int length) {
    return length < target.length - target.length / MAX_SLACK_PART
        ? Bytes.wrap(Arrays.copyOf(target, length))
        : Bytes.wrap(target, 0, length);
  }

  /// Restores a batch's payload, with its dictionary where it has one.
  ///
  /// @throws WeirException as [#restore(Codec, Bytes, long)]
  public static Bytes restore(Batch batch) {
    return batch
        .dictionary()
        .map(dictionary -> restoreInto(new byte[0], dictionary, batch))
        .orElseGet(() -> restore(batch.codec(), batch.payload(), batch.rawLength()));
  }

  /// Restores a payload without a dictionary.
  ///
  /// @param rawLength the announced length in bytes, 0 to [#MAX_RAW_BYTES]
  /// @throws WeirException with DECOMPRESSION_REFUSED beyond the limits, MALFORMED when the payload
  ///   is not what it is announced to be
  public static Bytes restore(Codec codec, Bytes payload, long rawLength) {
    checkClaim(payload.length(), rawLength);
    return switch (codec) {
      case NONE -> {
        if (payload.length() != rawLength) {
          throw malformed("has " + payload.length() + " bytes, announced were " + rawLength);
        }
        yield payload;
      }
      case ZSTD -> unzstd(payload, (int) rawLength);
      case COLUMNAR_ZSTD -> uncolumn(payload, new byte[(int) rawLength], (int) rawLength);
    };
  }

  /// As [#restore], into a caller's array where that is large enough; the result is then good until
  /// the array is used again. Nothing is copied when nothing is compressed.
  public static Bytes restoreInto(byte[] target, Batch batch) {
    return batch
        .dictionary()
        .map(dictionary -> restoreInto(target, dictionary, batch))
        .orElseGet(() -> restoreInto(target, batch.codec(), batch.payload(), batch.rawLength()));
  }

  private static Bytes restoreInto(byte[] target, Dictionary dictionary, Batch batch) {
    int rawLength = batch.rawLength();
    checkClaim(batch.payload().length(), rawLength);
    int named = namedDictionary(batch.payload());
    if (named != dictionary.id()) {
      throw malformed("names dictionary " + named + ", announced was " + dictionary.id());
    }
    byte[] restored = rawLength > target.length ? new byte[rawLength] : target;
    return unzstd(batch.payload(), restored, rawLength, dictionary);
  }

  /// The id in a frame's own header (RFC 8878 §3.1.1.1.3), 0 for none.
  private static int namedDictionary(Bytes payload) {
    byte[] front = payload.slice(0, Math.min(payload.length(), MAX_FRAME_HEADER_BYTES)).toArray();
    return (int) Zstd.getDictIdFromFrame(front);
  }

  private static Bytes restoreInto(byte[] target, Codec codec, Bytes payload, long rawLength) {
    if (codec == Codec.NONE || rawLength > target.length) {
      return restore(codec, payload, rawLength);
    }
    checkClaim(payload.length(), rawLength);
    return codec == Codec.ZSTD
        ? unzstd(payload, target, (int) rawLength, null)
        : uncolumn(payload, target, (int) rawLength);
  }

  /// Restores a zstd frame that names its own content size, as version 1 clients send.
  ///
  /// @throws WeirException as [#restore]
  public static Bytes restoreSelfSized(Bytes payload) {
    if (payload.isEmpty()) {
      throw malformed("is empty");
    }
    long size = Zstd.getFrameContentSize(payload.array(), payload.arrayOffset(), payload.length());
    if (size < 0) {
      throw malformed("is not a zstd frame that names its size");
    }
    checkClaim(payload.length(), size);
    return unzstd(payload, (int) size);
  }

  /// The content of a zstd stream whose size is not known before, as senders of HTTP and gRPC write
  /// it. The reader bounds how much it takes; the window is bounded here (8 MiB, which RFC 8878
  /// §3.1.1.1.2 asks every decoder to support), so that a header alone costs no memory.
  ///
  /// @throws IOException from reads, when the stream is not zstd or ends too early
  public static InputStream zstdStream(InputStream packed) throws IOException {
    ZstdInputStreamNoFinalizer stream = new ZstdInputStreamNoFinalizer(packed);
    stream.setLongMax(STREAM_WINDOW_LOG);
    return stream;
  }

  /// Judges what a payload claims to hold, before anything is allocated for it.
  ///
  /// @throws WeirException with DECOMPRESSION_REFUSED beyond the limits
  public static void checkClaim(int compressedLength, long rawLength) {
    boolean isTooLong = rawLength < 0 || rawLength > MAX_RAW_BYTES;
    if (isTooLong || isBomb(compressedLength, rawLength)) {
      throw new WeirException(
          ErrorCode.DECOMPRESSION_REFUSED,
          compressedLength
              + " bytes claim to hold "
              + Long.toUnsignedString(rawLength)
              + " bytes; at most "
              + MAX_RAW_BYTES
              + " and a ratio of "
              + MAX_RATIO
              + ".");
    }
  }

  private static boolean isBomb(int compressedLength, long rawLength) {
    return rawLength > RATIO_FREE_BYTES && rawLength / MAX_RATIO > compressedLength;
  }

  private static Bytes unzstd(Bytes payload, int rawLength) {
    return unzstd(payload, new byte[rawLength], rawLength, null);
  }

  private static Bytes unzstd(
      Bytes payload, byte[] target, int rawLength, @Nullable Dictionary dictionary) {
    if (payload.isEmpty()) {
      throw malformed("is empty");
    }
    try {
      long size = decompress(payload, target, rawLength, dictionary);
      if (Zstd.isError(size)) {
        throw malformed("does not decompress: " + Zstd.getErrorName(size));
      }
      if (size != rawLength) {
        throw malformed("holds " + size + " bytes, announced were " + rawLength);
      }
    } catch (ZstdException e) {
      throw new WeirException(ErrorCode.MALFORMED, "The payload does not decompress.", e);
    }
    return Bytes.wrap(target, 0, rawLength);
  }

  private static long decompress(
      Bytes payload, byte[] target, int rawLength, @Nullable Dictionary dictionary) {
    byte[] source = payload.array();
    int offset = payload.arrayOffset();
    if (dictionary == null) {
      return Zstd.decompressByteArray(target, 0, rawLength, source, offset, payload.length());
    }
    try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
      context.loadDict(dictionary.decoding());
      return context.decompressByteArray(target, 0, rawLength, source, offset, payload.length());
    }
  }

  private static Bytes uncolumn(Bytes payload, byte[] target, int rawLength) {
    ColumnarPayload.restore(payload, target, rawLength);
    return Bytes.wrap(target, 0, rawLength);
  }

  private static WeirException malformed(String fault) {
    return new WeirException(ErrorCode.MALFORMED, "The payload " + fault + ".");
  }
}
