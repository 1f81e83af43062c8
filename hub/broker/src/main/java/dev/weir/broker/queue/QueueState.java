package dev.weir.broker.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Everything of a queue that outlives its process: a machine begins with one and gives one. Who
/// holds what is not in it: what was held is handed out again.
public final class QueueState {
  private final List<PositionSet> levels = new ArrayList<>();
  private final DelayList delays = new DelayList();
  private final Map<Long, History> histories = new HashMap<>();

  public QueueState() {
    for (int i = 0; i < QueueSettings.LEVELS; i++) {
      levels.add(new PositionSet());
    }
  }

  /// What is not settled, of a priority; priority 0 holds all of a queue ordered by key.
  public PositionSet unsettled(int level) {
    return levels.get(level);
  }

  /// Messages that were delayed when the state was taken; those that are settled since are not
  /// among the unsettled ones any more.
  public DelayList delays() {
    return delays;
  }

  /// By position.
  public Map<Long, History> histories() {
    return histories;
  }

  /// A message is gone.
  ///
  /// @return whether it was there
  public boolean settle(long position) {
    if (!histories.isEmpty()) {
      histories.remove(position);
    }
    for (PositionSet level : levels) {
      if (level.remove(position)) {
        return true;
      }
    }
    return false;
  }

  /// Messages are gone, neighbours.
  ///
  /// @param end exclusive
  public void settle(long first, long end) {
    for (long position = first; position < end && !histories.isEmpty(); position++) {
      histories.remove(position);
    }
    levels.forEach(level -> level.removeRange(first, end));
  }

  public long size() {
    return levels.stream().mapToLong(PositionSet::size).sum();
  }
}
