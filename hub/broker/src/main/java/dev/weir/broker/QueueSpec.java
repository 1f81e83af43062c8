package dev.weir.broker;

import dev.weir.base.Checks;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.message.TopicFilter;
import java.util.List;
import java.util.Optional;

/// A queue as it is created.
///
/// @param name 1 to 63 of a-z 0-9 . _ -
/// @param filters what is published under these from now on is also put into the queue, 0 to 63;
///   what is published under [#topic] always is
/// @param deadLetter the queue that takes what is dead; none: it is gone
public record QueueSpec(
    String name, QueueSettings settings, List<TopicFilter> filters, Optional<String> deadLetter) {
  /// Publishing here puts a message into one queue and nowhere else.
  public static final String TOPIC_PREFIX = "$queue/";

  private static final int MAX_FILTERS = SubscriptionRequest.MAX_FILTERS - 1;

  public QueueSpec {
    filters = List.copyOf(filters);
    checkName(name);
    deadLetter.ifPresent(QueueSpec::checkName);
    Checks.range("filters", filters.size(), 0, MAX_FILTERS);
    Checks.argument(
        !deadLetter.equals(Optional.of(name)), "queue '" + name + "' is its own dead-letter queue");
  }

  private static void checkName(String name) {
    Checks.argument(
        name.matches("[a-z0-9][a-z0-9._-]{0,62}"),
        "a queue's name is '" + name + "', expected 1 to 63 of a-z 0-9 . _ -");
  }

  /// A queue with the defaults, for what is published to it directly.
  public static QueueSpec of(String name) {
    return new QueueSpec(name, QueueSettings.defaults(), List.of(), Optional.empty());
  }

  public QueueSpec withSettings(QueueSettings value) {
    return new QueueSpec(name, value, filters, deadLetter);
  }

  public QueueSpec withFilters(String... values) {
    List<TopicFilter> parsed = List.of(values).stream().map(TopicFilter::parse).toList();
    return new QueueSpec(name, settings, parsed, deadLetter);
  }

  public QueueSpec withDeadLetter(String value) {
    return new QueueSpec(name, settings, filters, Optional.of(value));
  }

  /// Where a message is published to reach this queue only.
  public String topic() {
    return TOPIC_PREFIX + name;
  }
}
