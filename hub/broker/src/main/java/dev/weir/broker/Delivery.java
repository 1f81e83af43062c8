package dev.weir.broker;

import dev.weir.message.Batch;
import dev.weir.message.BatchReader;
import dev.weir.message.Message;
import dev.weir.message.Position;
import java.util.List;

/// Messages of one stored batch, all of which match.
///
/// @param base the place of the first of them
/// @param offsets where the others are, as distances from the first
/// @param storedMicros when the batch was committed, microseconds since 1970
/// @param batch the messages: the payload as it was published when all of it matches, encoded again
///   otherwise; the header holds topics only
/// @param nextOffset where a cursor behind this delivery stands in its partition
/// @param isRetained whether it is a retained message from before the subscription's start: it
///   stands before `nextOffset`, and the cursor stays where it is
public record Delivery(
    Position base,
    Offsets offsets,
    long storedMicros,
    Batch batch,
    long nextOffset,
    boolean isRetained) {
  /// Messages at or behind the start.
  public Delivery(Position base, Offsets offsets, long storedMicros, Batch batch, long nextOffset) {
    this(base, offsets, storedMicros, batch, nextOffset, false);
  }

  /// The same, after which a cursor stands elsewhere.
  Delivery endingAt(long offset) {
    return new Delivery(base, offsets, storedMicros, batch, offset, isRetained);
  }

  public int count() {
    return offsets.count();
  }

  /// The messages, decoded now.
  ///
  /// @throws dev.weir.base.WeirException with MALFORMED when the stored batch is damaged
  public List<Message> messages() {
    return BatchReader.read(batch);
  }

  /// The offset of a message by its index.
  public long offset(int index) {
    return base.offset() + offsets.delta(index);
  }
}
