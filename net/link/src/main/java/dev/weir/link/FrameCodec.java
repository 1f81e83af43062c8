package dev.weir.link;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Batch;
import dev.weir.message.BatchHeader;
import dev.weir.message.Codec;
import dev.weir.message.Compression;
import dev.weir.message.DictionaryLookup;
import dev.weir.proto.Frame;
import dev.weir.proto.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Frames on the wire: a batch with its place and a checksum, in protobuf's encoding.
///
/// ```
///  Request (protobuf)      version = 2, frame = Frame
///  Frame                   lane, sequence         the place
///                          codec, dictionary_id, count, raw_length
///                          crc32c                 Castagnoli, over header ‖ payload
///                          header, payload        as core/message lays them out, not copied
/// ```
///
/// A tombstone stands in for a frame that cannot or must not be sent: count 0, no header, a payload
/// of one zero byte. The core refuses it and passes its sequence, so that the lane has no gap.
final class FrameCodec {
  static final int VERSION = 2;

  private static final Bytes TOMBSTONE_PAYLOAD = Bytes.wrap(new byte[1]);

  /// What the store is given where there is nothing to store: it fails it as MALFORMED and passes
  /// its sequence durably.
  private static final Batch NOTHING = new Batch(Codec.NONE, 1, 0, Bytes.EMPTY, Bytes.EMPTY);

  private FrameCodec() {}

  static Batch nothing() {
    return NOTHING;
  }

  /// What a frame counts against window and credit.
  static int weight(@Nullable Batch batch) {
    return batch == null ? TOMBSTONE_PAYLOAD.length() : batch.weight();
  }

  static int weight(Frame frame) {
    return frame.getHeader().size() + frame.getPayload().size();
  }

  /// @param batch null for a tombstone
  static Request encode(int lane, long sequence, @Nullable Batch batch) {
    Frame.Builder frame = Frame.newBuilder().setLane(lane).setSequence(sequence);
    Bytes payload = TOMBSTONE_PAYLOAD;
    if (batch != null) {
      payload = batch.payload();
      frame
          .setCodec(batch.codec().number())
          .setDictionaryId(batch.dictionaryId())
          .setCount(batch.count())
          .setRawLength(batch.rawLength())
          .setHeader(wrap(batch.header()))
          .setCrc32C(batch.crc32c());
    } else {
      frame.setCrc32C(Batch.crc32c(Bytes.EMPTY, payload));
    }
    return Request.newBuilder()
        .setVersion(VERSION)
        .setFrame(frame.setPayload(wrap(payload)))
        .build();
  }

  static boolean isTombstone(Frame frame) {
    return frame.getCount() == 0;
  }

  /// Whether the bytes are those that were sent.
  static boolean isIntact(Frame frame) {
    return Batch.crc32c(unwrap(frame.getHeader()), unwrap(frame.getPayload())) == frame.getCrc32C();
  }

  /// What a store keeps of a frame, so that its sender knows it again; nothing of a tombstone,
  /// which stands for any frame.
  static int keptCrc(Frame frame) {
    return isTombstone(frame) ? 0 : frame.getCrc32C();
  }

  /// Reads an intact frame's batch, sharing its bytes: within the limits, of a known codec, and no
  /// decompression bomb. What is inside the payload is the store's to judge.
  ///
  /// @throws WeirException with MALFORMED, TOO_LARGE or DECOMPRESSION_REFUSED
  static Batch decode(Frame frame, DictionaryLookup dictionaries, long maxFrameBytes) {
    int weight = weight(frame);
    if (weight > maxFrameBytes) {
      throw new WeirException(
          ErrorCode.TOO_LARGE, "A frame has " + weight + " bytes, at most " + maxFrameBytes + ".");
    }
    Bytes header = unwrap(frame.getHeader());
    Bytes payload = unwrap(frame.getPayload());
    checkCount(frame, header);
    Codec codec = Codec.of(frame.getCodec());
    long rawLength = Integer.toUnsignedLong(frame.getRawLength());
    Compression.checkClaim(payload.length(), rawLength);
    return new Batch(
        codec,
        dictionaries.require(frame.getDictionaryId()),
        frame.getCount(),
        (int) rawLength,
        header,
        payload);
  }

  private static void checkCount(Frame frame, Bytes header) {
    if (isTombstone(frame)) {
      throw new WeirException(ErrorCode.TOO_LARGE, "The sender cannot or must not send the frame.");
    }
    if (frame.getCount() < 1 || frame.getCount() > Batch.MAX_COUNT) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "A frame claims "
              + Integer.toUnsignedString(frame.getCount())
              + " messages, expected 1 to "
              + Batch.MAX_COUNT
              + ".");
    }
    if (header.length() > BatchHeader.MAX_BYTES) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "A header has " + header.length() + " bytes, at most " + BatchHeader.MAX_BYTES + ".");
    }
  }

  /// The same bytes; whoever made them must not write to them again.
  static ByteString wrap(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.array(), bytes.arrayOffset(), bytes.length());
  }

  /// The same bytes where they lie in one array, as they do after [RequestMarshaller].
  static Bytes unwrap(ByteString string) {
    if (string.isEmpty()) {
      return Bytes.EMPTY;
    }
    Unwrapper unwrapper = new Unwrapper(string.size());
    try {
      UnsafeByteOperations.unsafeWriteTo(string, unwrapper);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory cannot be read", e);
    }
    return unwrapper.bytes;
  }

  /// Takes the first run of bytes by reference if it is all of them, else joins the runs.
  private static final class Unwrapper extends ByteOutput {
    private final int length;
    private int filled;
    private Bytes bytes = Bytes.EMPTY;

    Unwrapper(int length) {
      this.length = length;
    }

    @Override
    public void writeLazy(byte[] value, int offset, int count) {
      if (count == length) {
        bytes = Bytes.wrap(value, offset, count);
      } else {
        write(value, offset, count);
      }
    }

    @Override
    public void write(byte[] value, int offset, int count) {
      if (bytes.isEmpty()) {
        bytes = Bytes.wrap(new byte[length]);
      }
      System.arraycopy(value, offset, bytes.array(), filled, count);
      filled += count;
    }

    @Override
    public void write(byte value) {
      write(new byte[] {value}, 0, 1);
    }

    @Override
    public void write(ByteBuffer value) {
      byte[] copy = new byte[value.remaining()];
      value.get(copy);
      write(copy, 0, copy.length);
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      write(value);
    }
  }
}
