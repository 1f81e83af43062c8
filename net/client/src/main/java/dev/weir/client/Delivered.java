package dev.weir.client;

import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import java.util.ArrayList;
import java.util.List;

/// A message as a subscription hands it over.
///
/// @param position where it is stored
/// @param storedMicros when the core committed it, microseconds since 1970
/// @param missedBefore messages between the one before and this one that existed and cannot be
///   delivered any more (retention, damage); 0 nearly always
/// @param elsewhere where the subscription stands in the other partitions; of a retained message in
///   all of them
/// @param isRetained whether it is a retained message from before the start
public record Delivered(
    Message message,
    Position position,
    long storedMicros,
    long missedBefore,
    List<Position> elsewhere,
    boolean isRetained) {
  /// A message at or behind the subscription's start.
  public Delivered(
      Message message,
      Position position,
      long storedMicros,
      long missedBefore,
      List<Position> elsewhere) {
    this(message, position, storedMicros, missedBefore, elsewhere, false);
  }

  /// Continues behind this message: on this client or any other, over any protocol.
  public Cursor cursor() {
    List<Position> positions = new ArrayList<>(elsewhere.size() + 1);
    positions.addAll(elsewhere);
    if (isRetained) {
      return new Cursor(positions);
    }
    positions.add(new Position(position.stream(), position.partition(), position.offset() + 1));
    return new Cursor(positions);
  }

  /// The body as text.
  public String text() {
    return message.body().utf8();
  }
}
