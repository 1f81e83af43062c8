package dev.weir.broker.embedded;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.PublishRequest;
import dev.weir.broker.RetainedMessage;
import dev.weir.log.FrameType;
import dev.weir.log.LogEntry;
import dev.weir.log.LogEvent;
import dev.weir.message.Batch;
import dev.weir.message.BatchHeader;
import dev.weir.message.BatchReader;
import dev.weir.message.Codec;
import dev.weir.message.Position;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Retained messages as frames of their log, version 1. Every one is a DATA frame of one message,
/// the payload a batch of that message alone in the frame's codec, empty for the other kinds. The
/// header, little-endian:
///
/// ```
///  byte 0      u8 version = 1
///       1      u8 kind: 1 message, 2 cleared, 3 scanned
///       2      u32 partition of the stream
///       6      u64 offset in the stream; of kind 3: nothing before it is to be kept but what is
///      14      u64 when it was committed, microseconds since 1970
///      22      UTF-8 topic
/// ```
final class RetainedFrames {
  private static final int VERSION = 1;
  private static final int MESSAGE = 1;
  private static final int CLEARED = 2;
  private static final int SCANNED = 3;
  private static final int FIXED_BYTES = 22;

  /// What a frame says without its payload.
  record Head(int kind, int partition, long offset, long storedMicros, String topic) {
    boolean isMessage() {
      return kind == MESSAGE;
    }

    boolean isScanned() {
      return kind == SCANNED;
    }
  }

  private RetainedFrames() {}

  static LogEntry entry(RetainedMessage kept) {
    Position at = kept.position();
    String topic = kept.message().topic();
    if (kept.isClearing()) {
      Head head = new Head(CLEARED, at.partition(), at.offset(), kept.storedMicros(), topic);
      return LogEntry.data(1, encode(head), Bytes.EMPTY);
    }
    Head head = new Head(MESSAGE, at.partition(), at.offset(), kept.storedMicros(), topic);
    Batch batch = PublishRequest.of(kept.message(), kept.storedMicros()).batch();
    return new LogEntry(
        FrameType.DATA,
        batch.codec().number(),
        0,
        1,
        0,
        0,
        batch.rawLength(),
        encode(head),
        batch.payload());
  }

  static LogEntry scanned(int partition, long offset) {
    return LogEntry.data(1, encode(new Head(SCANNED, partition, offset, 0, "")), Bytes.EMPTY);
  }

  /// The same frame once more.
  static LogEntry copy(LogEvent.Frame frame) {
    return new LogEntry(
        FrameType.DATA,
        frame.codec(),
        0,
        1,
        0,
        0,
        frame.rawLength(),
        Bytes.wrap(frame.header().toArray()),
        Bytes.wrap(frame.payload().toArray()));
  }

  private static Bytes encode(Head head) {
    byte[] topic = head.topic().getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + topic.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) VERSION)
        .put((byte) head.kind())
        .putInt(head.partition())
        .putLong(head.offset())
        .putLong(head.storedMicros())
        .put(topic);
    return Bytes.wrap(out.array());
  }

  /// @throws WeirException LOG_DAMAGED or UNSUPPORTED_VERSION
  static Head head(Bytes header) {
    ByteBuffer in = header.buffer().order(ByteOrder.LITTLE_ENDIAN);
    try {
      int version = in.get();
      if (version != VERSION) {
        throw new WeirException(
            ErrorCode.UNSUPPORTED_VERSION,
            "A retained message has version " + version + ", expected " + VERSION + ".");
      }
      int kind = Checks.range("kind", in.get(), MESSAGE, SCANNED);
      int partition = in.getInt();
      long offset = in.getLong();
      long storedMicros = in.getLong();
      byte[] topic = new byte[in.remaining()];
      in.get(topic);
      return new Head(
          kind, partition, offset, storedMicros, new String(topic, StandardCharsets.UTF_8));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new WeirException(ErrorCode.LOG_DAMAGED, "A retained message's head: " + e, e);
    }
  }

  /// @throws WeirException with MALFORMED when the payload is damaged
  static RetainedMessage message(LogEvent.Frame frame, Head head, String stream) {
    Batch batch =
        new Batch(
            Codec.of(frame.codec()),
            Optional.empty(),
            1,
            frame.rawLength(),
            BatchHeader.of(List.of(head.topic())).encode(),
            frame.payload());
    return new RetainedMessage(
        new Position(stream, head.partition(), head.offset()),
        head.storedMicros(),
        BatchReader.read(batch).getFirst());
  }
}
