package dev.weir.edge.source;

import dev.weir.base.Bytes;
import dev.weir.message.Message;
import java.util.List;
import java.util.Map;

/// What a source hands over at once. With positions it is stored in one frame or not at all, so
/// that the place where the source goes on and the data before it become durable together.
///
/// @param messages in order; may be empty when only the place changed
/// @param positions where the source stands after the last message: key to value, an empty value
///   forgets the key
/// @param rawBytes what the messages weigh, for the bounds of queues
/// @param listener told once, when all messages are durable or when they will not be
public record Delivery(
    List<Message> messages,
    Map<String, Bytes> positions,
    long rawBytes,
    DeliveryListener listener) {

  /// A message's share of the heap beside its body: the record and the headers of its objects. Of
  /// short lines it is most of what a full queue takes (measured: 190 bytes for a line of 85).
  private static final int OVERHEAD_BYTES = 112;

  public Delivery {
    messages = List.copyOf(messages);
    positions = Map.copyOf(positions);
  }

  /// A delivery that weighs what its messages weigh.
  public static Delivery of(
      List<Message> messages, Map<String, Bytes> positions, DeliveryListener listener) {
    long rawBytes = OVERHEAD_BYTES;
    for (Message message : messages) {
      rawBytes += OVERHEAD_BYTES + message.body().length() + message.key().length();
    }
    return new Delivery(messages, positions, rawBytes, listener);
  }
}
