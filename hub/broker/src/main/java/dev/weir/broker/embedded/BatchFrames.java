package dev.weir.broker.embedded;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.EngineAppend;
import dev.weir.broker.GapReason;
import dev.weir.broker.LaneSequence;
import dev.weir.broker.StoredBatch;
import dev.weir.broker.StoredEvent;
import dev.weir.broker.StoredGap;
import dev.weir.log.FrameType;
import dev.weir.log.LogEntry;
import dev.weir.log.LogEvent;
import dev.weir.message.Batch;
import dev.weir.message.BatchHeader;
import dev.weir.message.Codec;
import dev.weir.message.Dictionary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Batches as frames of the log, and back. What the engine adds to the layouts of the log and of
/// [BatchHeader]:
///
/// - flag 1 of a DATA frame: some message of it has a time to live; flag 2: some message asks to be
///   kept as the last of its topic;
/// - lane and lane sequence stand in the frame, agent and incarnation in its header's SOURCE; a
///   lane sequence of 0 means that the batch is not numbered;
/// - a CONTROL frame with a lane sequence: that batch held only messages that were stored before;
/// - a CONTROL frame with a dictionary id: that dictionary, its class of data as the header;
/// - a LOSS frame with a lane sequence: that batch was refused for ever; its payload is the code of
///   the registry, u32 little-endian, or nothing (a log of an earlier version);
/// - the header's SENT holds the checksum of the frame as it was sent: what is stored differs from
///   that, because ORIGIN and SOURCE are not kept as they came.
final class BatchFrames {
  private static final int HAS_TTL = 1;
  private static final int HAS_RETAINED = 2;

  private BatchFrames() {}

  static LogEntry data(EngineAppend append) {
    Batch batch = append.batch();
    Optional<LaneSequence> identity = append.identity();
    return new LogEntry(
        FrameType.DATA,
        batch.codec().number(),
        (append.scan().hasTtl() ? HAS_TTL : 0) | (append.scan().hasRetained() ? HAS_RETAINED : 0),
        batch.count(),
        identity.map(LaneSequence::lane).orElse(0),
        identity.map(LaneSequence::sequence).orElse(0L),
        batch.dictionaryId(),
        batch.dictionary().map(Dictionary::bytes).orElse(Bytes.EMPTY),
        batch.rawLength(),
        append.isParting() ? batch.header() : header(append).encode(),
        batch.payload());
  }

  /// A batch that was made here has the header that is stored, every other is not believed.
  private static BatchHeader header(EngineAppend append) {
    Optional<LaneSequence> identity = append.identity();
    return new BatchHeader(
        append.header().topics(),
        identity.map(LaneSequence::source),
        Bytes.EMPTY,
        append.header().ids(),
        identity.map(LaneSequence::crc32c).orElse(0));
  }

  /// A record that a sequence is done with, although nothing of it is new.
  static LogEntry known(LaneSequence identity) {
    return passed(identity, FrameType.CONTROL, Bytes.EMPTY);
  }

  /// A record that a sequence is done with, because it was refused for ever.
  static LogEntry refused(LaneSequence identity, ErrorCode code) {
    ByteBuffer payload = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    payload.putInt(code.number());
    return passed(identity, FrameType.LOSS, Bytes.wrap(payload.array()));
  }

  private static LogEntry passed(LaneSequence identity, FrameType type, Bytes payload) {
    BatchHeader header =
        new BatchHeader(
            List.of(), Optional.of(identity.source()), Bytes.EMPTY, Map.of(), identity.crc32c());
    return new LogEntry(
        type,
        0,
        0,
        0,
        identity.lane(),
        identity.sequence(),
        payload.length(),
        header.encode(),
        payload);
  }

  /// Why the batch of a LOSS frame was refused.
  static ErrorCode refusal(Bytes payload) {
    return payload.length() < Integer.BYTES
        ? ErrorCode.MALFORMED
        : ErrorCode.of(payload.buffer().order(ByteOrder.LITTLE_ENDIAN).getInt())
            .orElse(ErrorCode.MALFORMED);
  }

  /// A durable append as subscriptions get it.
  static StoredBatch stored(
      EngineAppend append, int partition, long baseOffset, long timestampMicros) {
    return new StoredBatch(
        partition,
        baseOffset,
        timestampMicros,
        append.scan().hasTtl(),
        append.scan().hasRetained(),
        append.header().topics(),
        withTopicsOnly(append.batch(), append.header().topics()));
  }

  /// What a reader of the log met, as subscriptions get it.
  ///
  /// @param dictionary what the frame names, empty too when no segment has that whole
  static StoredEvent event(LogEvent.Frame frame, int partition, Optional<Dictionary> dictionary) {
    if (frame.dictionaryId() != 0 && dictionary.isEmpty()) {
      return new StoredGap(partition, frame.baseOffset(), frame.endOffset(), GapReason.DAMAGE);
    }
    try {
      List<String> topics = BatchHeader.decode(frame.header()).topics();
      Batch batch =
          new Batch(
              Codec.of(frame.codec()),
              dictionary,
              frame.count(),
              frame.rawLength(),
              BatchHeader.of(topics).encode(),
              frame.payload());
      return new StoredBatch(
          partition,
          frame.baseOffset(),
          frame.timestampMicros(),
          (frame.flags() & HAS_TTL) != 0,
          (frame.flags() & HAS_RETAINED) != 0,
          topics,
          batch);
    } catch (WeirException | IllegalArgumentException _) {
      return new StoredGap(partition, frame.baseOffset(), frame.endOffset(), GapReason.DAMAGE);
    }
  }

  private static Batch withTopicsOnly(Batch batch, List<String> topics) {
    return batch.withHeader(BatchHeader.of(topics).encode());
  }

  /// The topics of a frame, for the log's index.
  static void topics(Bytes header, Consumer<String> consumer) {
    try {
      BatchHeader.decode(header).topics().forEach(consumer);
    } catch (WeirException _) {
      // a frame that cannot be read is told as a gap by whoever reads it
    }
  }
}
