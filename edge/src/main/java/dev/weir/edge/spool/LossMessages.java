package dev.weir.edge.spool;

import dev.weir.base.Bytes;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.BatchReader;
import dev.weir.message.Message;
import dev.weir.message.Topic;
import java.util.Map;

/// The messages by which a lane tells its core what it lost, on the topic `$weir/loss`:
///
/// ```json
/// {"agent":"site-7","lane":0,"reason":"drop-oldest","messages":812,"bytes":65012,
///  "firstSequence":17,"lastSequence":31,"timeMicros":1767225600000000}
/// ```
///
/// `bytes` are those of the dropped frames, compressed, or for `drop-newest` (which has no
/// sequences: 0) of the frames that would have been written. A message with an empty body only
/// fills a sequence number of a range whose last number tells the sums. Adding up `messages` over
/// the topic gives what was lost, exactly: a frame that did arrive before it was dropped has used
/// its number already, and its loss message is suppressed as a duplicate.
final class LossMessages {
  static final String TOPIC = Topic.LOSS;
  private static final String MESSAGES = "messages";
  private static final String BYTES = "bytes";

  private LossMessages() {}

  /// What is sent in place of one frame of a range.
  static Batch inPlaceOf(String agent, int lane, LossRange range, long sequence) {
    Message message = Message.of(TOPIC, Bytes.EMPTY).withTimeMicros(range.timeMicros());
    if (sequence == range.lastSequence()) {
      message =
          report(
              agent,
              lane,
              range.reason(),
              new LossTotal(range.messages(), range.bytes()),
              range.firstSequence(),
              range.lastSequence(),
              range.timeMicros());
    }
    return batch(message, Map.of());
  }

  /// A report that takes a sequence number of its own, with where the sources stand behind what was
  /// dropped.
  ///
  /// @param lane that the report goes to
  static Batch ofNewest(
      String agent, int lane, LossTotal total, long timeMicros, Map<String, Bytes> positions) {
    return batch(report(agent, lane, LossReason.DROP_NEWEST, total, 0, 0, timeMicros), positions);
  }

  /// What a report told.
  static LossTotal total(Batch batch) {
    Map<String, String> headers = BatchReader.read(batch).getFirst().headers();
    return new LossTotal(
        Long.parseLong(headers.getOrDefault(MESSAGES, "0")),
        Long.parseLong(headers.getOrDefault(BYTES, "0")));
  }

  private static Message report(
      String agent,
      int lane,
      LossReason reason,
      LossTotal total,
      long first,
      long last,
      long timeMicros) {
    String json =
        "{\"agent\":\"%s\",\"lane\":%d,\"reason\":\"%s\",\"messages\":%d,\"bytes\":%d,\"firstSequence\":%d,\"lastSequence\":%d,\"timeMicros\":%d}"
            .formatted(
                agent,
                lane,
                reason.label(),
                total.messages(),
                total.bytes(),
                first,
                last,
                timeMicros);
    return Message.of(TOPIC, json)
        .withTimeMicros(timeMicros)
        .withContentType("application/json")
        .withHeaders(
            Map.of(
                MESSAGES,
                Long.toString(total.messages()),
                BYTES,
                Long.toString(total.bytes()),
                "reason",
                reason.label()));
  }

  private static Batch batch(Message message, Map<String, Bytes> positions) {
    BatchBuilder builder = new BatchBuilder(1 << 10);
    builder.add(message);
    return builder.build(0, Positions.encode(positions));
  }
}
