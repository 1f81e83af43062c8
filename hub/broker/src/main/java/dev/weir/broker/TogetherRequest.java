package dev.weir.broker;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Message;
import java.util.List;
import java.util.Optional;

/// Messages of one topic as one batch: a frame of the log is written, and read, whole or not at
/// all.
final class TogetherRequest {
  static final int MAX_MESSAGES = 1_000;

  private TogetherRequest() {}

  /// @param nowMicros stamped on messages without a time
  /// @throws WeirException MALFORMED or TOO_LARGE
  static PublishRequest of(List<Message> messages, long nowMicros) {
    if (messages.isEmpty() || messages.size() > MAX_MESSAGES) {
      throw new WeirException(
          messages.isEmpty() ? ErrorCode.MALFORMED : ErrorCode.TOO_LARGE,
          "There are " + messages.size() + " messages, expected 1 to " + MAX_MESSAGES + ".");
    }
    String topic = messages.getFirst().topic();
    Bytes key = messages.getFirst().key();
    BatchBuilder builder = new BatchBuilder(Message.MAX_BODY_BYTES);
    for (Message message : messages) {
      if (!message.topic().equals(topic)) {
        throw new WeirException(
            ErrorCode.MALFORMED,
            "Messages of '" + topic + "' and '" + message.topic() + "' cannot be one batch.");
      }
      boolean isTimed = message.timeMicros() != 0;
      if (!builder.add(isTimed ? message : message.withTimeMicros(nowMicros))) {
        throw new WeirException(
            ErrorCode.TOO_LARGE,
            "The messages do not fit into one batch of " + Message.MAX_BODY_BYTES + " bytes.");
      }
      key = message.key().equals(key) ? key : Bytes.EMPTY;
    }
    return new PublishRequest(builder.build(0, Bytes.EMPTY), Optional.empty(), key, false);
  }
}
