package dev.weir.broker.queue;

import org.jspecify.annotations.Nullable;

/// Which messages of a queue are to be in memory: of each priority the next ones, whatever comes in
/// between. Ordered by key, those in front, until enough of them are ready. Owned by its machine.
final class LoadWindow {
  private final QueueLimits limits;
  private final boolean isKeyed;
  private final Backlog backlog;
  private final Loaded loaded;

  LoadWindow(QueueLimits limits, boolean isKeyed, Backlog backlog, Loaded loaded) {
    this.limits = limits;
    this.isKeyed = isKeyed;
    this.backlog = backlog;
    this.loaded = loaded;
  }

  /// The oldest that is ready; `Long.MAX_VALUE` when there is none.
  private long firstReady(int level) {
    Entry first = loaded.firstReady(level);
    return first == null ? Long.MAX_VALUE : first.position();
  }

  /// The oldest that waits to be loaded; `Long.MAX_VALUE` when there is none.
  long firstWaiting(int level) {
    long first = backlog.level(level).first();
    return first < 0 ? Long.MAX_VALUE : first;
  }

  /// The oldest of all that are due and that nobody holds; `Long.MAX_VALUE` when there is none.
  long oldest() {
    long oldest = Long.MAX_VALUE;
    for (int level = 0; level < QueueSettings.LEVELS; level++) {
      oldest = Math.min(oldest, Math.min(firstReady(level), firstWaiting(level)));
    }
    return oldest;
  }

  /// Whether a message that comes in, with nothing in front of it in the backlog, stays in memory.
  boolean hasRoomFor(int level) {
    return loaded.size() < limits.maxLoaded() && loaded.ready(level) < limits.windowMessages();
  }

  /// Whether so many wait for their time that nothing more is to be handed out.
  boolean isClogged() {
    return loaded.waiting() >= limits.maxLoaded();
  }

  /// The positions to load next, ascending within a priority.
  long[] wanted(int max) {
    for (int level = QueueSettings.LEVELS - 1; level >= 0; level--) {
      long count = wantedOf(level);
      if (count > 0) {
        return backlog.level(level).first((int) Math.min(count, max));
      }
    }
    return new long[0];
  }

  private long wantedOf(int level) {
    long first = firstWaiting(level);
    int ready = loaded.ready(level);
    int room = Math.min(limits.windowMessages() - ready, limits.maxLoaded() - loaded.size());
    if (first == Long.MAX_VALUE) {
      return 0;
    }
    if (!isKeyed && first < firstReady(level)) {
      return Math.max(1, room); // its turn comes before what is loaded, which may go instead
    }
    return ready <= limits.windowMessages() / 2 ? room : 0;
  }

  /// Whether the next of a priority is still to be loaded.
  boolean mustLoad(int level) {
    return !isKeyed && firstWaiting(level) < firstReady(level);
  }

  /// Keeps the window: what came in before its turn pushes out what is furthest from it.
  void spill(int level) {
    @Nullable Entry last = loaded.lastReady(level);
    boolean isFull = !isKeyed && loaded.ready(level) > limits.windowMessages();
    if (isFull && last != null && last.deliveries == 0) {
      loaded.unload(last);
      if (last.death != null) {
        backlog.remember(last.position(), last.history());
      }
      backlog.level(level).add(last.position());
    }
  }
}
