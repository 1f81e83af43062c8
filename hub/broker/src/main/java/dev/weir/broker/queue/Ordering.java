package dev.weir.broker.queue;

/// In which order a queue hands out.
public enum Ordering {
  /// Highest priority first, within it the oldest; several of one key may be held at a time.
  PRIORITY,
  /// The oldest first, and of each key one at a time: the next one of a key is handed out once the
  /// one before it is settled. Priorities do not count.
  KEY
}
