package dev.weir.broker.request;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who answers what. Who answers a topic is remembered until somebody comes or goes, so that a
/// request costs one look-up however many there are. Guarded by the lock of [LocalRequests].
final class Responders {
  /// Remembered topics; beyond it all are forgotten. Enough for the topics that are busy at a time.
  private static final int MAX_REMEMBERED = 16_384;

  private final List<LocalResponding> all = new ArrayList<>();
  private final Map<String, List<LocalResponding>> remembered = new HashMap<>();

  /// Where the next look for the least busy one begins, so that equals take turns.
  private int turn;

  void add(LocalResponding responding) {
    all.add(responding);
    remembered.clear();
  }

  /// Idempotent.
  void remove(LocalResponding responding) {
    if (all.remove(responding)) {
      remembered.clear();
    }
  }

  List<LocalResponding> all() {
    return all;
  }

  boolean isAnswered(String topic) {
    return !of(topic).isEmpty();
  }

  /// The one with the fewest requests in hand; none when all of them are busy.
  @Nullable LocalResponding choose(String topic) {
    List<LocalResponding> found = of(topic);
    LocalResponding best = null;
    for (int i = 0; i < found.size(); i++) {
      LocalResponding next = found.get((turn + i) % found.size());
      if (next.hasRoom() && (best == null || next.count() < best.count())) {
        best = next;
      }
    }
    turn = (turn + 1) & Integer.MAX_VALUE >> 1; // A sum with an index never overflows.
    return best;
  }

  List<LocalResponding> of(String topic) {
    List<LocalResponding> known = remembered.get(topic);
    if (known != null) {
      return known;
    }
    if (remembered.size() >= MAX_REMEMBERED) {
      remembered.clear();
    }
    List<LocalResponding> found =
        all.stream().filter(responding -> responding.filter().test(topic)).toList();
    remembered.put(topic, found);
    return found;
  }
}
