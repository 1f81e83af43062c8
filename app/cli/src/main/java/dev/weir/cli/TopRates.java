package dev.weir.cli;

import dev.weir.client.QueueFigures;
import dev.weir.client.TopicFigures;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What happened between two looks at a core's counters. A counter that fell was begun anew by a
/// restart: what it shows now has happened since.
final class TopRates {
  /// A topic, and what came to it a second.
  record Topic(TopicFigures figures, double messages, double bytes) {}

  /// A queue, and what left it a second.
  record Queue(QueueFigures figures, double acked, double dead) {}

  private final Map<String, TopicFigures> topicsBefore = new HashMap<>();
  private final Map<String, QueueFigures> queuesBefore = new HashMap<>();

  /// The busiest first.
  ///
  /// @param seconds since the look before, above 0
  List<Topic> topics(List<TopicFigures> now, double seconds) {
    List<Topic> rates = now.stream().map(figures -> rate(figures, seconds)).toList();
    topicsBefore.clear();
    now.forEach(figures -> topicsBefore.put(figures.topic(), figures));
    return rates.stream()
        .sorted(
            Comparator.comparingDouble(Topic::messages)
                .thenComparingLong(topic -> topic.figures.messages())
                .reversed())
        .toList();
  }

  private Topic rate(TopicFigures now, double seconds) {
    TopicFigures before =
        topicsBefore.getOrDefault(now.topic(), new TopicFigures(now.topic(), 0, 0, 0));
    return new Topic(
        now,
        since(before.messages(), now.messages()) / seconds,
        since(before.bytes(), now.bytes()) / seconds);
  }

  /// The longest first.
  ///
  /// @param seconds since the look before, above 0
  List<Queue> queues(List<QueueFigures> now, double seconds) {
    List<Queue> rates = now.stream().map(figures -> rate(figures, seconds)).toList();
    queuesBefore.clear();
    now.forEach(figures -> queuesBefore.put(figures.config().name(), figures));
    return rates.stream()
        .sorted(Comparator.<Queue>comparingLong(queue -> queue.figures.length()).reversed())
        .toList();
  }

  private Queue rate(QueueFigures now, double seconds) {
    QueueFigures before = queuesBefore.get(now.config().name());
    return new Queue(
        now,
        since(before == null ? 0 : before.acked(), now.acked()) / seconds,
        since(before == null ? 0 : before.dead(), now.dead()) / seconds);
  }

  private static long since(long before, long now) {
    return now >= before ? now - before : now;
  }
}
