package dev.weir.broker.queue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a queue knows by position only: what waits to be loaded, and what is not due. Owned by its
/// machine.
final class Backlog {
  private final List<PositionSet> levels = new ArrayList<>();
  private final DelayHeap delays = new DelayHeap();

  /// Of messages that are not loaded; loaded ones have theirs with them.
  private final Map<Long, History> histories = new HashMap<>();

  Backlog(QueueState state, boolean isKeyed, long nowMicros) {
    for (int level = 0; level < QueueSettings.LEVELS; level++) {
      PositionSet copy = new PositionSet();
      copy.addAll(state.unsettled(level));
      levels.add(copy);
    }
    histories.putAll(state.histories());
    if (!isKeyed) {
      state.delays().forEach((position, due) -> restore(position, due, nowMicros));
      histories.forEach((position, history) -> restore(position, history.dueMicros(), nowMicros));
    }
  }

  private void restore(long position, long dueMicros, long nowMicros) {
    int level = dueMicros > nowMicros ? take(position) : -1;
    if (level >= 0) {
      delays.add(dueMicros, position, level);
    }
  }

  PositionSet level(int level) {
    return levels.get(level);
  }

  void delay(Arrival arrival, int level) {
    delays.add(arrival.dueMicros(), arrival.position(), level);
  }

  /// Lets what is due wait to be loaded.
  void tick(long nowMicros) {
    while (delays.firstDueMicros() <= nowMicros) {
      levels.get(delays.firstLevel()).add(delays.firstPosition());
      delays.removeFirst();
    }
  }

  long nextDueMicros() {
    return delays.firstDueMicros();
  }

  int delayed() {
    return delays.size();
  }

  /// `Long.MAX_VALUE` when there is none.
  long oldest() {
    long oldest = delays.lowestPosition();
    for (PositionSet level : levels) {
      oldest = level.isEmpty() ? oldest : Math.min(oldest, level.first());
    }
    return oldest;
  }

  long size() {
    long all = delays.size();
    for (PositionSet level : levels) {
      all += level.size();
    }
    return all;
  }

  /// Whether a message waits to be loaded, at any level.
  boolean contains(long position) {
    return levels.stream().anyMatch(level -> level.contains(position));
  }

  /// When a message that is not due is; -1 for one that is not among those.
  long dueMicros(long position) {
    return delays.dueMicros(position);
  }

  /// A message leaves, whatever level it is at.
  ///
  /// @return its level, -1 when it is not there
  int take(long position) {
    for (int level = 0; level < levels.size(); level++) {
      if (levels.get(level).remove(position)) {
        return level;
      }
    }
    return -1;
  }

  /// How often a message was delivered in vain before it was loaded again; forgets it.
  int takeDeliveries(long position) {
    History history = histories.remove(position);
    return history == null ? 0 : history.deliveries();
  }

  /// What was delivered in vain before; asked once.
  @Nullable History takeHistory(long position) {
    return histories.remove(position);
  }

  @Nullable History history(long position) {
    return histories.get(position);
  }

  void remember(long position, History history) {
    histories.put(position, history);
  }

  /// Of messages that are not loaded, by position.
  Map<Long, History> histories() {
    return Collections.unmodifiableMap(histories);
  }

  /// Adds the positions that are here, from one on, to a state.
  void addTo(QueueState state, long from) {
    for (int level = 0; level < levels.size(); level++) {
      if (from == 0) {
        state.unsettled(level).addAll(levels.get(level));
      } else {
        levels.get(level).forEachRun(from, state.unsettled(level)::addRange);
      }
    }
    delays.forEach((due, position, level) -> {
      if (position >= from) {
        state.unsettled(level).add(position);
        state.delays().add(position, due);
      }
    });
  }

  void clear() {
    levels.forEach(PositionSet::clear);
    delays.clear();
    histories.clear();
  }
}
