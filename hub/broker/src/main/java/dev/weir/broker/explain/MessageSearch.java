package dev.weir.broker.explain;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.message.TopicFilter;

/// Which messages are looked for.
///
/// @param filter their topics
/// @param id the publisher's; empty for any
/// @param key empty for any
/// @param within how many of the newest messages of each partition are looked through, of any
///   topic, 1 to 10,000,000
public record MessageSearch(TopicFilter filter, Bytes id, Bytes key, long within) {
  /// Some seconds of reading on a slow disk.
  public static final long DEFAULT_WITHIN = 1_000_000;

  public static final long MAX_WITHIN = 10_000_000;

  public MessageSearch {
    Checks.range("within", within, 1, MAX_WITHIN);
    Checks.argument(!id.isEmpty() || !key.isEmpty(), "neither an id nor a key is given");
  }
}
