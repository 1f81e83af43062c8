package dev.weir.broker.queue;

import org.jspecify.annotations.Nullable;

/// How a message stands in a queue at one moment.
///
/// @param deliveries how often it was delivered in vain
/// @param consumer who holds it; 0 for nobody
/// @param untilMicros the end of its lease or wait, microseconds since 1970; 0 without one
/// @param death how it came here, in a dead-letter queue
public record Standing(
    Kind kind, int deliveries, long consumer, long untilMicros, @Nullable Death death) {
  /// How a message stands.
  public enum Kind {
    /// Its turn comes, or it waits for a consumer with room.
    WAITING,
    /// It waits for its time.
    DELAYED,
    /// It waits for the one in front of it of its key.
    BEHIND_ITS_KEY,
    HELD
  }

  /// @return null when it is not there
  static @Nullable Standing of(Loaded loaded, Backlog backlog, long position) {
    Entry entry = loaded.get(position);
    if (entry == null) {
      return waiting(backlog, position);
    }
    return switch (entry.state) {
      case READY -> new Standing(Kind.WAITING, entry.deliveries, 0, 0, entry.death);
      case WAITING ->
          new Standing(Kind.DELAYED, entry.deliveries, 0, entry.timerMicros, entry.death);
      case PARKED -> new Standing(Kind.BEHIND_ITS_KEY, entry.deliveries, 0, 0, entry.death);
      case HELD ->
          new Standing(Kind.HELD, entry.deliveries, entry.consumer, entry.timerMicros, entry.death);
      case GONE -> null;
    };
  }

  private static @Nullable Standing waiting(Backlog backlog, long position) {
    long due = backlog.dueMicros(position);
    if (due < 0 && !backlog.contains(position)) {
      return null;
    }
    History history = backlog.history(position);
    return new Standing(
        due < 0 ? Kind.WAITING : Kind.DELAYED,
        history == null ? 0 : history.deliveries(),
        0,
        Math.max(0, due),
        history == null ? null : history.death());
  }
}
