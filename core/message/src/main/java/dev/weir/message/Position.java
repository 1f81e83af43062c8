package dev.weir.message;

import dev.weir.base.Checks;

/// A place in a stream: the message at this offset, or the next one to come.
///
/// @param stream the stream's name, such as `main`
/// @param partition from 0
/// @param offset messages before this one in the partition, from 0
public record Position(String stream, int partition, long offset) {
  public Position {
    Checks.argument(!stream.isEmpty(), "stream is empty");
    Checks.range("partition", partition, 0, 65_535);
    Checks.range("offset", offset, 0, Long.MAX_VALUE);
  }

  /// The form that people read: `main/0@42`.
  @Override
  public String toString() {
    return stream + "/" + partition + "@" + offset;
  }
}
