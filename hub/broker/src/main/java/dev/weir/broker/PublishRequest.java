package dev.weir.broker;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Message;
import java.util.Optional;

/// A batch to be stored.
///
/// @param batch the messages; a SOURCE in its header is not believed, an ORIGIN is not kept
/// @param identity where it stands on its sender's lane; none for what is not numbered
/// @param routingKey batches without identity and with equal keys keep their order; empty for the
///   batch's first topic
/// @param isParting whether its messages are better offered one by one than refused together: when
///   one of them cannot be stored, or is stored already
public record PublishRequest(
    Batch batch, Optional<LaneSequence> identity, Bytes routingKey, boolean isParting) {
  /// What a builder needs beside one message's own bytes.
  private static final int MESSAGE_SLACK_BYTES = 1 << 10;

  /// A batch that is not numbered.
  public static PublishRequest of(Batch batch) {
    return new PublishRequest(batch, Optional.empty(), Bytes.EMPTY, false);
  }

  /// A message in a batch of its own, ordered by its key.
  ///
  /// @param nowMicros stamped on a message without a time, microseconds since 1970
  public static PublishRequest of(Message message, long nowMicros) {
    Message stamped = message.timeMicros() == 0 ? message.withTimeMicros(nowMicros) : message;
    int bytes = message.body().length() + message.key().length() + MESSAGE_SLACK_BYTES;
    BatchBuilder builder = BatchBuilder.forOne(Math.min(bytes, Message.MAX_BODY_BYTES));
    Checks.state(builder.add(stamped), "a message does not fit into a batch of its own");
    Batch alone = builder.build(0, Bytes.EMPTY);
    return new PublishRequest(alone, Optional.empty(), message.key(), false);
  }

  /// Messages that have nothing to do with each other but their topic and partition.
  static PublishRequest ofMany(Batch batch, Bytes routingKey) {
    return new PublishRequest(batch, Optional.empty(), routingKey, true);
  }

  /// A numbered batch.
  public static PublishRequest of(Batch batch, LaneSequence identity) {
    return new PublishRequest(batch, Optional.of(identity), Bytes.EMPTY, false);
  }
}
