package dev.weir.edge.source;

import dev.weir.base.Bytes;
import dev.weir.message.Message;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A line, or several that belong together, or a part of one that is too long.
///
/// @param text without its last line feed
/// @param part 0 for a whole one, else the number of this part, from 1
/// @param hasMore whether more parts may follow
record Line(Bytes text, int part, boolean hasMore) {
  /// Says which part of a split line a message is: `1+`, `2+`, `3`; a plus when more may follow.
  static final String SPLIT_HEADER = "weir-split";

  /// The line as a message; made in one piece, as this is done for each line.
  ///
  /// @param more headers beside those of a split line
  Message message(String topic, long timeMicros, Map<String, String> more) {
    Map<String, String> own = headers();
    Map<String, String> headers = own.isEmpty() ? more : own;
    if (!own.isEmpty() && !more.isEmpty()) {
      headers = new HashMap<>(more);
      headers.putAll(own);
    }
    return new Message(
        topic,
        Bytes.EMPTY,
        timeMicros,
        headers,
        "",
        Bytes.EMPTY,
        text,
        Duration.ZERO,
        Duration.ZERO,
        Message.DEFAULT_PRIORITY);
  }

  Map<String, String> headers() {
    return part == 0 ? Map.of() : Map.of(SPLIT_HEADER, part + (hasMore ? "+" : ""));
  }
}
