package dev.weir.broker;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who is next: one of each group in turn, and within a group who has waited longest. However many
/// wait in one group, the first of another is passed by one of each group at most.
///
/// Pure. Owned by one thread at a time.
///
/// @param <T> who waits
final class TurnQueue<T> {
  private record Group<T>(String name, ArrayDeque<T> waiting) {}

  private final Map<String, Group<T>> groups = new HashMap<>();

  /// Those of which somebody waits, in the order of their turns.
  private final ArrayDeque<Group<T>> order = new ArrayDeque<>();

  /// Somebody waits from now on; whoever is added twice has two turns.
  void add(String group, T who) {
    Group<T> known = groups.get(group);
    if (known == null) {
      known = new Group<>(group, new ArrayDeque<>(2));
      groups.put(group, known);
      order.add(known);
    }
    known.waiting().add(who);
  }

  /// Takes out whose turn it is, null when nobody waits.
  @Nullable T next() {
    Group<T> group = order.poll();
    if (group == null) {
      return null;
    }
    T who = group.waiting().poll();
    if (group.waiting().isEmpty()) {
      groups.remove(group.name());
    } else {
      order.add(group);
    }
    return who;
  }

  boolean isEmpty() {
    return order.isEmpty();
  }
}
