package dev.weir.broker;

import dev.weir.base.Bytes;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.BatchSource;
import dev.weir.message.Message;
import java.util.List;

/// Batches for tests.
final class Batches {
  static final BatchSource EDGE = new BatchSource("edge-1", 0x1234);

  private Batches() {}

  static Batch of(Message... messages) {
    return of(1, List.of(messages));
  }

  static Batch of(int zstdLevel, List<Message> messages) {
    BatchBuilder builder = new BatchBuilder(4 << 20);
    for (Message message : messages) {
      if (!builder.add(message)) {
        throw new IllegalArgumentException("too many messages for one batch");
      }
    }
    return builder.build(zstdLevel, Bytes.EMPTY);
  }

  /// Messages `first` to `first + count - 1` of a topic, the number as their body.
  static Batch numbered(String topic, int first, int count) {
    Message[] messages = new Message[count];
    for (int i = 0; i < count; i++) {
      messages[i] = Message.of(topic, Integer.toString(first + i));
    }
    return of(messages);
  }

  static Message withId(String topic, String body, String id) {
    return Message.of(topic, body).withId(Bytes.utf8(id));
  }

  static LaneSequence at(int lane, long sequence) {
    return new LaneSequence(EDGE, lane, sequence);
  }
}
