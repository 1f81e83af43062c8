package dev.weir.message;

/// The answer to a publish.
///
/// @param durability what holds now
/// @param position where the message (the first of its batch) is stored; for a duplicate, of the
///   first copy where it is still known, else the end of the partition at that time;
///   [Position#UNKNOWN] when the ack that named it was lost with its connection
/// @param isDuplicate whether the message was stored before and not again now
public record Receipt(Durability durability, Position position, boolean isDuplicate) {
  /// The receipt of a message that was stored with it, some places behind; the position stays where
  /// it is not known.
  public Receipt behind(int places) {
    return places == 0 || !position.isKnown()
        ? this
        : new Receipt(
            durability,
            new Position(position.stream(), position.partition(), position.offset() + places),
            isDuplicate);
  }
}
