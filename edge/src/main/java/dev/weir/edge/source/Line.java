package dev.weir.edge.source;

import dev.weir.base.Bytes;
import java.util.Map;

/// A line, or several that belong together, or a part of one that is too long.
///
/// @param text without its last line feed
/// @param part 0 for a whole one, else the number of this part, from 1
/// @param hasMore whether more parts may follow
public record Line(Bytes text, int part, boolean hasMore) {
  /// Says which part of a split line a message is: `1+`, `2+`, `3`; a plus when more may follow.
  public static final String SPLIT_HEADER = "weir-split";

  public Map<String, String> headers() {
    return part == 0 ? Map.of() : Map.of(SPLIT_HEADER, part + (hasMore ? "+" : ""));
  }
}
