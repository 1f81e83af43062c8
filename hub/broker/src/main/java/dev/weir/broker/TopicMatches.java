package dev.weir.broker;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Which subscriptions want a topic. Answers are remembered by topic until a subscription comes or
/// goes, so that a commit costs one look-up a topic however many subscriptions there are.
///
/// Any thread adds and removes; one thread asks.
final class TopicMatches {
  /// Remembered topics; beyond it all are forgotten. Enough for the topics that are busy at a time.
  private static final int MAX_REMEMBERED = 16_384;

  private final CopyOnWriteArrayList<LocalSubscription> subscriptions =
      new CopyOnWriteArrayList<>();
  private volatile boolean isChanged;

  /// Owned by the asking thread.
  private final Map<String, List<LocalSubscription>> remembered = new HashMap<>();

  void add(LocalSubscription subscription) {
    subscriptions.add(subscription);
    isChanged = true;
  }

  void remove(LocalSubscription subscription) {
    if (subscriptions.remove(subscription)) {
      isChanged = true;
    }
  }

  int size() {
    return subscriptions.size();
  }

  List<LocalSubscription> all() {
    return subscriptions;
  }

  /// Passes each subscription that wants any of the topics, once.
  void forEachMatch(List<String> topics, Consumer<LocalSubscription> consumer) {
    if (topics.size() == 1) {
      matches(topics.getFirst()).forEach(consumer);
      return;
    }
    Set<LocalSubscription> found = new HashSet<>();
    for (String topic : topics) {
      found.addAll(matches(topic));
    }
    found.forEach(consumer);
  }

  private List<LocalSubscription> matches(String topic) {
    if (isChanged) {
      isChanged = false;
      remembered.clear();
    }
    List<LocalSubscription> known = remembered.get(topic);
    if (known != null) {
      return known;
    }
    if (remembered.size() >= MAX_REMEMBERED) {
      remembered.clear();
    }
    List<LocalSubscription> found =
        subscriptions.stream()
            .filter(subscription -> SharedBatch.matches(subscription.filters(), topic))
            .toList();
    remembered.put(topic, found);
    return found;
  }
}
