package dev.weir.broker;

import dev.weir.message.TopicFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// Which subscriptions want a topic. Answers are remembered by topic until a subscription comes or
/// goes, so that a commit costs one look-up a topic however many subscriptions there are; others
/// come from a [FilterIndex].
///
/// Any thread adds and removes; one thread asks, and takes the changes into the index before.
final class TopicMatches {
  /// Remembered topics; beyond it all are forgotten. Enough for the topics that are busy at a time.
  private static final int MAX_REMEMBERED = 16_384;

  /// At a time; in a crowd of ten thousand each takes some 10 µs.
  private static final int MAX_LEAVING = 64;

  private record Change(LocalSubscription subscription, boolean isComing) {}

  private final ConcurrentSkipListMap<Long, LocalSubscription> subscriptions =
      new ConcurrentSkipListMap<>();
  private final ConcurrentLinkedQueue<Change> changes = new ConcurrentLinkedQueue<>();

  // Owned by the asking thread.
  private final FilterIndex<LocalSubscription> index = new FilterIndex<>();
  private final Map<String, List<LocalSubscription>> remembered = new HashMap<>();
  private final Queue<LocalSubscription> leaving = new ArrayDeque<>();

  void add(LocalSubscription subscription) {
    subscriptions.put(subscription.id(), subscription);
    changes.add(new Change(subscription, true));
  }

  void remove(LocalSubscription subscription) {
    if (subscriptions.remove(subscription.id()) != null) {
      changes.add(new Change(subscription, false));
    }
  }

  int size() {
    return subscriptions.size();
  }

  /// In order of their numbers.
  Collection<LocalSubscription> all() {
    return subscriptions.values();
  }

  /// Who wants any of the topics, each once; the same list for the same one topic as long as nobody
  /// comes or goes.
  List<LocalSubscription> all(List<String> topics) {
    takeChanges();
    if (topics.size() == 1) {
      return matches(topics.getFirst());
    }
    Set<LocalSubscription> found = new LinkedHashSet<>();
    for (String topic : topics) {
      found.addAll(matches(topic));
    }
    return List.copyOf(found);
  }

  boolean hasChanges() {
    return !changes.isEmpty() || !leaving.isEmpty();
  }

  /// The asking thread; also while nothing is asked, so that what is gone is let go. Who comes is
  /// there at once; of a crowd that leaves some at a time, for each is looked for in the crowd.
  void takeChanges() {
    if (!hasChanges()) {
      return;
    }
    remembered.clear();
    for (@Nullable Change each = changes.poll(); each != null; each = changes.poll()) {
      if (each.isComing()) {
        for (TopicFilter filter : each.subscription().filters()) {
          index.add(filter, each.subscription());
        }
      } else {
        leaving.add(each.subscription());
      }
    }
    for (int i = 0; i < MAX_LEAVING && !leaving.isEmpty(); i++) {
      LocalSubscription gone = leaving.remove();
      gone.filters().forEach(filter -> index.remove(filter, gone));
    }
  }

  private List<LocalSubscription> matches(String topic) {
    List<LocalSubscription> known = remembered.get(topic);
    if (known != null) {
      return known;
    }
    if (remembered.size() >= MAX_REMEMBERED) {
      remembered.clear();
    }
    List<LocalSubscription> found = new ArrayList<>();
    index.forEachMatch(topic, found::add);
    List<LocalSubscription> once =
        found.size() > 1 ? List.copyOf(new LinkedHashSet<>(found)) : List.copyOf(found);
    remembered.put(topic, once);
    return once;
  }
}
