package dev.weir.broker.queue;

import dev.weir.base.Checks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who may have messages: in turn, each as many at a time as its prefetch. Owned by its machine.
final class Consumers {
  /// One of them, and the positions that it holds.
  private static final class Consumer {
    private final long id;
    private final Set<Long> held = new HashSet<>();
    private int prefetch;

    Consumer(long id, int prefetch) {
      this.id = id;
      this.prefetch = prefetch;
    }

    boolean hasRoom() {
      return held.size() < prefetch;
    }
  }

  private final boolean isSingleActive;
  private final Map<Long, Consumer> byId = new HashMap<>();

  /// In the order in which they came.
  private final List<Consumer> order = new ArrayList<>();

  private int turn;

  Consumers(boolean isSingleActive) {
    this.isSingleActive = isSingleActive;
  }

  int size() {
    return order.size();
  }

  void put(long id, int prefetch) {
    Consumer known = byId.get(id);
    if (known != null) {
      known.prefetch = prefetch;
      return;
    }
    Consumer fresh = new Consumer(id, prefetch);
    byId.put(id, fresh);
    order.add(fresh);
  }

  /// @return the positions that it held, ascending
  long[] remove(long id) {
    Consumer gone = byId.remove(id);
    if (gone == null) {
      return new long[0];
    }
    order.remove(gone);
    return gone.held.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  /// What one may have and has; null when there is none of this number.
  @Nullable Share share(long id) {
    Consumer known = byId.get(id);
    return known == null ? null : new Share(known.prefetch, known.held.size());
  }

  /// Whose turn it is among those with room; null when nobody has any.
  @Nullable Long next() {
    int candidates = isSingleActive ? Math.min(1, order.size()) : order.size();
    for (int i = 0; i < candidates; i++) {
      Consumer consumer = order.get((turn + i) % candidates);
      if (consumer.hasRoom()) {
        turn = (turn + i + 1) % candidates;
        return consumer.id;
      }
    }
    return null;
  }

  void holds(long id, long position) {
    Consumer consumer = byId.get(id);
    Checks.state(consumer != null && consumer.held.add(position), "a delivery without a holder");
  }

  void lets(long id, long position) {
    Consumer consumer = byId.get(id);
    if (consumer != null) {
      consumer.held.remove(position);
    }
  }
}
