package dev.weir.broker.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// A queue as one would write it without any regard for memory or speed: every message in one
/// sorted map, every question answered by looking at all of them.
final class ModelQueue {
  /// One message.
  static final class Item {
    final Arrival arrival;
    int deliveries;
    long dueMicros;
    boolean isHeld;
    long lease;
    long consumer;
    long untilMicros;

    Item(Arrival arrival) {
      this.arrival = arrival;
      this.dueMicros = arrival.dueMicros();
    }

    long position() {
      return arrival.position();
    }
  }

  /// What the machine's listener should hear next.
  ///
  /// @param reason none when the message stays
  /// @param minDueMicros lowest due time of one that stays
  /// @param maxDueMicros highest
  record Expected(
      long position,
      Optional<RemovalReason> reason,
      int deliveries,
      long minDueMicros,
      long maxDueMicros) {}

  final QueueSettings settings;
  final TreeMap<Long, Item> items = new TreeMap<>();

  /// Prefetch by consumer, in the order of coming.
  final Map<Long, Integer> consumers = new LinkedHashMap<>();

  final List<Expected> expected = new ArrayList<>();

  ModelQueue(QueueSettings settings) {
    this.settings = settings;
  }

  boolean isKeyed() {
    return settings.ordering() == Ordering.KEY;
  }

  void enqueue(Arrival arrival) {
    items.put(arrival.position(), new Item(arrival));
  }

  Item item(long position) {
    return Objects.requireNonNull(items.get(position), () -> "no message at " + position);
  }

  /// The oldest that is due and nobody holds, of a queue that is too long.
  Optional<Item> toDrop(long now) {
    boolean isTooLong =
        settings.overflow() == Overflow.DROP_OLDEST
            && settings.maxLength() > 0
            && items.size() > settings.maxLength();
    return isTooLong
        ? items.values().stream().filter(item -> !item.isHeld && item.dueMicros <= now).findFirst()
        : Optional.empty();
  }

  void tick(long now) {
    items.values().stream()
        .filter(item -> item.isHeld && item.untilMicros <= now)
        .sorted(
            Comparator.<Item>comparingLong(item -> item.untilMicros)
                .thenComparingLong(Item::position))
        .toList()
        .forEach(item -> returned(item, now, retryCeiling(item) / 2, retryCeiling(item)));
  }

  long retryCeiling(Item item) {
    long base = settings.retryBase().toMillis() * 1_000;
    long cap = settings.retryCap().toMillis() * 1_000;
    long ceiling = base;
    for (int i = 0; i < item.deliveries && ceiling < cap; i++) {
      ceiling *= 2;
    }
    return Math.min(ceiling, cap);
  }

  void returned(Item item, long now, long minWait, long maxWait) {
    item.isHeld = false;
    item.deliveries++;
    if (settings.maxDeliveries() > 0 && item.deliveries >= settings.maxDeliveries()) {
      removed(item, RemovalReason.EXHAUSTED);
    } else {
      expected.add(
          new Expected(
              item.position(), Optional.empty(), item.deliveries, now + minWait, now + maxWait));
    }
  }

  void removed(Item item, RemovalReason reason) {
    items.remove(item.position());
    expected.add(new Expected(item.position(), Optional.of(reason), item.deliveries, 0, 0));
  }

  /// Whose turn it is, whoever may have it.
  Optional<Item> front(long now) {
    while (true) {
      Optional<Item> best =
          items.values().stream()
              .filter(item -> !item.isHeld && item.dueMicros <= now && isFirstOfKey(item))
              .min(
                  Comparator.<Item>comparingInt(item -> isKeyed() ? 0 : -item.arrival.priority())
                      .thenComparingLong(Item::position));
      if (best.isEmpty() || best.get().arrival.expiresMicros() > now) {
        return best;
      }
      removed(best.get(), RemovalReason.EXPIRED);
    }
  }

  private boolean isFirstOfKey(Item item) {
    long key = item.arrival.keyHash();
    return !isKeyed()
        || key == 0
        || items.headMap(item.position()).values().stream()
            .noneMatch(earlier -> earlier.arrival.keyHash() == key);
  }

  /// Consumers that may have the next message.
  List<Long> withRoom() {
    return consumers.keySet().stream()
        .limit(settings.isSingleActive() ? 1 : consumers.size())
        .filter(consumer -> held(consumer).size() < consumers.getOrDefault(consumer, 0))
        .toList();
  }

  List<Item> held(long consumer) {
    return items.values().stream().filter(i -> i.isHeld && i.consumer == consumer).toList();
  }

  void detach(long consumer, long now) {
    List<Item> held = held(consumer);
    consumers.remove(consumer);
    held.forEach(item -> returned(item, now, 0, 0));
  }

  /// A process ends and another begins: nobody holds anything, nothing of that counts.
  void restart() {
    consumers.clear();
    items.values().forEach(item -> item.isHeld = false);
  }

  void purge() {
    items.values().removeIf(item -> !item.isHeld);
  }
}
