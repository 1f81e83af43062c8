package dev.weir.message;

import dev.weir.base.Checks;

/// A place in a stream: the message at this offset, or the next one to come.
///
/// @param stream the stream's name, such as `main`
/// @param partition from 0
/// @param offset messages before this one in the partition, from 0
public record Position(String stream, int partition, long offset) {
  /// What one length byte of a [Cursor] can say.
  public static final int MAX_STREAM_BYTES = 255;

  private static final String UNKNOWN_STREAM = "?";

  /// Stands in a receipt when the message is stored and the ack that named the place was lost with
  /// its connection.
  public static final Position UNKNOWN = new Position(UNKNOWN_STREAM, 0, 0);

  public Position {
    Checks.range("stream length", stream.length(), 1, MAX_STREAM_BYTES);
    if (stream.length() > MAX_STREAM_BYTES / 3) {
      Checks.range("stream bytes", Topic.utf8Length(stream), 1, MAX_STREAM_BYTES);
    }
    Checks.range("partition", partition, 0, 65_535);
    Checks.range("offset", offset, 0, Long.MAX_VALUE);
  }

  /// Whether it is a place at all.
  public boolean isKnown() {
    return !stream.equals(UNKNOWN_STREAM);
  }

  /// The form that people read: `main/0@42`.
  @Override
  public String toString() {
    return stream + "/" + partition + "@" + offset;
  }
}
