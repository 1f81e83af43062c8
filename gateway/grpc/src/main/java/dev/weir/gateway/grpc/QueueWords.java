package dev.weir.gateway.grpc;

import dev.weir.broker.QueueDetails;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.queue.Ordering;
import dev.weir.broker.queue.Overflow;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.broker.queue.RemovalReason;
import dev.weir.message.TopicFilter;
import dev.weir.proto.v1.DeadLetter;
import dev.weir.proto.v1.DeathReason;
import dev.weir.proto.v1.Queue;
import dev.weir.proto.v1.QueueDelivery;
import dev.weir.proto.v1.QueueOrder;
import dev.weir.proto.v1.QueueOverflow;
import dev.weir.proto.v1.QueueStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Queues between the schema's words and the broker's.
final class QueueWords {
  /// As long as a queue's own lease may be.
  static final long MAX_LEASE_MILLIS = Duration.ofDays(7).toMillis();

  /// As long as a message's own delay may be.
  static final long MAX_DELAY_MILLIS = Duration.ofDays(36_525).toMillis();

  private QueueWords() {}

  /// @throws dev.weir.base.WeirException with INVALID_TOPIC
  /// @throws IllegalArgumentException for what is out of range
  static QueueSpec spec(Queue queue) {
    List<TopicFilter> filters = queue.getFiltersList().stream().map(TopicFilter::parse).toList();
    Optional<String> deadLetter =
        Optional.of(queue.getDeadLetter()).filter(name -> !name.isEmpty());
    return new QueueSpec(queue.getName(), settings(queue), filters, deadLetter);
  }

  private static QueueSettings settings(Queue queue) {
    QueueSettings defaults = QueueSettings.defaults();
    return new QueueSettings(
        ordering(queue.getOrder()),
        queue.getIsSingleActive(),
        queue.hasLeaseMillis() ? Duration.ofMillis(queue.getLeaseMillis()) : defaults.lease(),
        queue.hasMaxDeliveries() ? queue.getMaxDeliveries() : defaults.maxDeliveries(),
        queue.hasRetryBaseMillis()
            ? Duration.ofMillis(queue.getRetryBaseMillis())
            : defaults.retryBase(),
        queue.hasRetryCapMillis()
            ? Duration.ofMillis(queue.getRetryCapMillis())
            : defaults.retryCap(),
        Duration.ofMillis(queue.getTtlMillis()),
        queue.getMaxLength(),
        overflow(queue.getOverflow()));
  }

  private static Ordering ordering(QueueOrder order) {
    return switch (order) {
      case QUEUE_ORDER_UNSPECIFIED, QUEUE_ORDER_PRIORITY -> Ordering.PRIORITY;
      case QUEUE_ORDER_KEY -> Ordering.KEY;
      case UNRECOGNIZED -> throw new IllegalArgumentException("the order of a queue is not known");
    };
  }

  private static Overflow overflow(QueueOverflow overflow) {
    return switch (overflow) {
      case QUEUE_OVERFLOW_UNSPECIFIED, QUEUE_OVERFLOW_REJECT -> Overflow.REJECT;
      case QUEUE_OVERFLOW_DROP_OLDEST -> Overflow.DROP_OLDEST;
      case UNRECOGNIZED ->
          throw new IllegalArgumentException("the overflow of a queue is not known");
    };
  }

  static QueueStatus status(QueueDetails details) {
    return QueueStatus.newBuilder()
        .setQueue(queue(details.spec()))
        .setLength(details.figures().length())
        .setHeld(details.figures().held())
        .setDelayed(details.figures().delayed())
        .setConsumers(details.figures().consumers())
        .setAcked(details.acked())
        .setDead(details.dead())
        .setLost(details.lost())
        .build();
  }

  private static Queue queue(QueueSpec spec) {
    QueueSettings settings = spec.settings();
    return Queue.newBuilder()
        .setName(spec.name())
        .addAllFilters(spec.filters().stream().map(TopicFilter::toString).toList())
        .setDeadLetter(spec.deadLetter().orElse(""))
        .setOrder(
            switch (settings.ordering()) {
              case PRIORITY -> QueueOrder.QUEUE_ORDER_PRIORITY;
              case KEY -> QueueOrder.QUEUE_ORDER_KEY;
            })
        .setIsSingleActive(settings.isSingleActive())
        .setLeaseMillis(settings.lease().toMillis())
        .setMaxDeliveries(settings.maxDeliveries())
        .setRetryBaseMillis(settings.retryBase().toMillis())
        .setRetryCapMillis(settings.retryCap().toMillis())
        .setTtlMillis(settings.ttl().toMillis())
        .setMaxLength(settings.maxLength())
        .setOverflow(
            switch (settings.overflow()) {
              case REJECT -> QueueOverflow.QUEUE_OVERFLOW_REJECT;
              case DROP_OLDEST -> QueueOverflow.QUEUE_OVERFLOW_DROP_OLDEST;
            })
        .build();
  }

  static QueueDelivery delivery(QueuedMessage message) {
    return QueueDelivery.newBuilder()
        .setLease(message.lease())
        .setUntilMicros(message.untilMicros())
        .setQueued(queued(message))
        .build();
  }

  static dev.weir.proto.v1.QueuedMessage queued(QueuedMessage message) {
    dev.weir.proto.v1.QueuedMessage.Builder queued =
        dev.weir.proto.v1.QueuedMessage.newBuilder()
            .setMessage(Messages.of(message.message()))
            .setStream(message.position().stream())
            .setPartition(message.position().partition())
            .setOffset(message.position().offset())
            .setStoredMicros(message.storedMicros())
            .setDeliveries(message.delivery());
    message.dead().ifPresent(dead -> queued.setDead(deadLetter(dead)));
    return queued.build();
  }

  private static DeadLetter deadLetter(dev.weir.broker.DeadLetter dead) {
    return DeadLetter.newBuilder()
        .setQueue(dead.queue())
        .setReason(reason(dead.reason()))
        .setDeliveries(dead.deliveries())
        .setMicros(dead.micros())
        .build();
  }

  private static DeathReason reason(RemovalReason reason) {
    return switch (reason) {
      case EXPIRED -> DeathReason.DEATH_REASON_EXPIRED;
      case DROPPED -> DeathReason.DEATH_REASON_DROPPED;
      case REJECTED -> DeathReason.DEATH_REASON_REJECTED;
      case EXHAUSTED -> DeathReason.DEATH_REASON_EXHAUSTED;
      case ACKED, LOST -> DeathReason.DEATH_REASON_UNSPECIFIED;
    };
  }
}
