package dev.weir.message;

import com.github.luben.zstd.Zstd;
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

  private static final int STREAM_WINDOW_LOG = 23;
  private static final int SKIPPABLE_MAGIC = 0x184D2A50;
  private static final int SKIPPABLE_HEADER_BYTES = 8;

  /// Compresses at a zstd level from 1 to 19. What compresses beyond [#MAX_RATIO] is filled up with
  /// a skippable frame (RFC 8878 §3.1.2), so that no receiver takes it for a bomb.
  public static Bytes zstd(byte[] raw, int length, int level) {
    Checks.range("level", level, 1, 19);
    byte[] target = new byte[Math.toIntExact(Zstd.compressBound(length))];
    long size = Zstd.compressByteArray(target, 0, target.length, raw, 0, length, level);
    Checks.state(!Zstd.isError(size), "zstd failed: " + Zstd.getErrorName(size));
    int wanted = isBomb((int) size, length) ? length / MAX_RATIO : 0;
    if (wanted == 0) {
      return Bytes.wrap(target, 0, (int) size);
    }
    int padding = Math.max(0, wanted - (int) size - SKIPPABLE_HEADER_BYTES);
    ByteBuffer.wrap(target)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt((int) size, SKIPPABLE_MAGIC)
        .putInt((int) size + 4, padding)
        .put((int) size + SKIPPABLE_HEADER_BYTES, new byte[padding]);
    return Bytes.wrap(target, 0, (int) size + SKIPPABLE_HEADER_BYTES + padding);
  }

  /// Restores a payload.
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
  public static Bytes restoreInto(byte[] target, Codec codec, Bytes payload, long rawLength) {
    if (codec == Codec.NONE || rawLength > target.length) {
      return restore(codec, payload, rawLength);
    }
    checkClaim(payload.length(), rawLength);
    return codec == Codec.ZSTD
        ? unzstd(payload, target, (int) rawLength)
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
    return unzstd(payload, new byte[rawLength], rawLength);
  }

  private static Bytes unzstd(Bytes payload, byte[] target, int rawLength) {
    if (payload.isEmpty()) {
      throw malformed("is empty");
    }
    try {
      long size =
          Zstd.decompressByteArray(
              target, 0, rawLength, payload.array(), payload.arrayOffset(), payload.length());
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

  private static Bytes uncolumn(Bytes payload, byte[] target, int rawLength) {
    ColumnarPayload.restore(payload, target, rawLength);
    return Bytes.wrap(target, 0, rawLength);
  }

  private static WeirException malformed(String fault) {
    return new WeirException(ErrorCode.MALFORMED, "The payload " + fault + ".");
  }
}
