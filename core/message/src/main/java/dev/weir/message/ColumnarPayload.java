package dev.weir.message;

import com.github.luben.zstd.ZstdCompressCtx;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.columnar.ColumnDecoder;
import dev.weir.message.columnar.ColumnEncoder;
import dev.weir.message.columnar.RecordMarks;
import dev.weir.message.columnar.RowShape;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The payload of [Codec#COLUMNAR_ZSTD]: a batch of metrics as columns, each a zstd frame of its
/// own where it is long enough.
///
/// ```
///  byte 0   u32 length of the columns, little-endian
///       4   zstd frames that together hold them, see ColumnEncoder
/// ```
///
/// Whether columns pay is tried, not believed: of every [#TRIAL_INTERVAL] batches that could be
/// columns the first is compressed both ways, and the others go the way that won. What is not
/// metrics costs a comparison of its content type and six numbers a message. Owned by its builder's
/// thread.
final class ColumnarPayload {
  /// More compresses columns no better: on rows of random doubles 2.78 times at 1, 2.80 at 3
  /// (research, edge.md §6).
  private static final int LEVEL = 1;

  /// Costs under two percent of the encoder's time, and finds a change within a minute at one batch
  /// a second.
  static final int TRIAL_INTERVAL = 64;

  /// Columns must be smaller than the plain form by one part in so many.
  private static final int LEAST_GAIN = 20;

  /// Among logs a few metrics gain less than they cost.
  private static final int LEAST_SHARE = 4;

  /// Smaller payloads are mostly envelope.
  private static final int MIN_RAW_BYTES = 1 << 10;

  private static final int LENGTH_BYTES = 4;

  /// Room for the columns of a batch of some MiB; the encoder's arrays are about six times as
  /// large.
  private static final int MAX_KEPT_BYTES = 2 << 20;

  private final RecordMarks marks = new RecordMarks();
  private @Nullable ColumnEncoder encoder;
  private byte[] target = new byte[0];

  // Of the batch being gathered.
  private String contentType = "";
  private RowShape shape = RowShape.OTHER;

  // Of the batches before, by the shapes in them.
  private final int[] untilTrial = new int[1 << RowShape.values().length];
  private final boolean[] isWorthwhile = new boolean[1 << RowShape.values().length];

  void clear() {
    marks.clear();
    if (target.length > MAX_KEPT_BYTES) {
      // One giant message must not pin its size for ever.
      target = new byte[0];
      encoder = null;
    }
  }

  /// Notes a record of the batch; its parts as in [RecordMarks].
  void add(Message message, int front, int time, int rest, int body, int end) {
    if (!message.contentType().equals(contentType)) {
      contentType = message.contentType();
      shape = RowShape.of(contentType);
    }
    RowShape fitting = shape.fits(end - body) ? shape : RowShape.OTHER;
    marks.add(fitting, front, time, rest, body, end);
  }

  /// The batch as columns, or nothing when it gains nothing by it.
  ///
  /// @param plain of the plain form that it must beat, with its dictionary
  Optional<Bytes> encode(byte[] raw, int length, Encoding plain) {
    if (length < MIN_RAW_BYTES || marks.shapedBytes() < length / LEAST_SHARE) {
      return Optional.empty();
    }
    int of = marks.shapes();
    boolean isTrial = untilTrial[of] == 0;
    untilTrial[of] = isTrial ? TRIAL_INTERVAL - 1 : untilTrial[of] - 1;
    if (!isTrial && !isWorthwhile[of]) {
      return Optional.empty();
    }
    int packed = pack(raw, length);
    if (packed < 0 || packed >= length || isTooDense(packed, length)) {
      return Optional.empty();
    }
    if (isTrial) {
      int plainLength = Compression.zstd(raw, length, plain).length();
      isWorthwhile[of] = packed <= plainLength - plainLength / LEAST_GAIN;
    }
    return isWorthwhile[of]
        ? Optional.of(Bytes.wrap(Arrays.copyOf(target, packed)))
        : Optional.empty();
  }

  /// What a receiver would take for a bomb.
  private static boolean isTooDense(int packed, int length) {
    return length / Compression.MAX_RATIO > packed;
  }

  /// Into `target`.
  ///
  /// @return the length, or -1 when the batch has too many points or its columns are longer than it
  ///   is: a decoder takes no such, however well they compress
  private int pack(byte[] raw, int length) {
    if (encoder == null) {
      encoder = new ColumnEncoder();
    }
    ColumnEncoder columns = encoder;
    if (!columns.encode(raw, marks) || columns.length() > length) {
      return -1;
    }
    ensure(columns);
    for (int i = 0; i < LENGTH_BYTES; i++) {
      target[i] = (byte) (columns.length() >>> (8 * i));
    }
    int end = LENGTH_BYTES;
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setLevel(LEVEL);
      int from = 0;
      for (int i = 0; i < columns.segments(); i++) {
        int size = columns.segmentEnd(i) - from;
        end +=
            context.compressByteArray(
                target, end, target.length - end, columns.columns(), from, size);
        from += size;
      }
    }
    return end;
  }

  /// zstd's bound is the length, 1/256 of it and at most 64 bytes, for each frame.
  private void ensure(ColumnEncoder columns) {
    int bound = LENGTH_BYTES + columns.length() + columns.length() / 256 + 512 * columns.segments();
    if (target.length < bound) {
      target = new byte[bound + bound / 4];
    }
  }

  /// Restores a payload into `target`.
  ///
  /// @throws WeirException with MALFORMED when it is not what it is announced to be
  static void restore(Bytes payload, byte[] target, int rawLength) {
    if (payload.length() < LENGTH_BYTES) {
      throw new WeirException(ErrorCode.MALFORMED, "The payload is cut short.");
    }
    long length = 0;
    for (int i = 0; i < LENGTH_BYTES; i++) {
      length |= (payload.at(i) & 0xffL) << (8 * i);
    }
    // Columns as long as the rows would not have been written.
    if (length > rawLength) {
      throw new WeirException(
          ErrorCode.MALFORMED, length + " bytes of columns for " + rawLength + " of rows.");
    }
    Bytes frames = payload.slice(LENGTH_BYTES, payload.length() - LENGTH_BYTES);
    byte[] columns = Compression.restore(Codec.ZSTD, frames, length).array();
    ColumnDecoder.decode(columns, (int) length, target, rawLength);
  }
}
