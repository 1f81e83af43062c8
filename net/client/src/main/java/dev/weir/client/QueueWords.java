package dev.weir.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weir.base.Bytes;
import dev.weir.link.GrpcBytes;
import dev.weir.message.Durability;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.message.Receipt;
import dev.weir.proto.v1.DeathReason;
import dev.weir.proto.v1.PublishReceipt;
import dev.weir.proto.v1.Queue;
import dev.weir.proto.v1.QueueOrder;
import dev.weir.proto.v1.QueueOverflow;
import dev.weir.proto.v1.QueueStatus;
import java.time.Duration;
import java.util.Optional;

/// The words of the queue protocol.
final class QueueWords {
  private QueueWords() {}

  static Queue queue(QueueConfig config) {
    return Queue.newBuilder()
        .setName(config.name())
        .addAllFilters(config.filters())
        .setDeadLetter(config.deadLetter().orElse(""))
        .setOrder(
            switch (config.order()) {
              case PRIORITY -> QueueOrder.QUEUE_ORDER_PRIORITY;
              case KEY -> QueueOrder.QUEUE_ORDER_KEY;
            })
        .setIsSingleActive(config.isSingleActive())
        .setLeaseMillis(config.lease().toMillis())
        .setMaxDeliveries(config.maxDeliveries())
        .setRetryBaseMillis(config.retryBase().toMillis())
        .setRetryCapMillis(config.retryCap().toMillis())
        .setTtlMillis(config.ttl().toMillis())
        .setMaxLength(config.maxLength())
        .setOverflow(
            switch (config.overflow()) {
              case REJECT -> QueueOverflow.QUEUE_OVERFLOW_REJECT;
              case DROP_OLDEST -> QueueOverflow.QUEUE_OVERFLOW_DROP_OLDEST;
            })
        .build();
  }

  static QueueFigures figures(QueueStatus status) {
    return new QueueFigures(
        config(status.getQueue()),
        status.getLength(),
        status.getHeld(),
        status.getDelayed(),
        status.getConsumers(),
        status.getAcked(),
        status.getDead(),
        status.getLost());
  }

  private static QueueConfig config(Queue queue) {
    return new QueueConfig(
        queue.getName(),
        queue.getFiltersList(),
        Optional.of(queue.getDeadLetter()).filter(name -> !name.isEmpty()),
        queue.getOrder() == QueueOrder.QUEUE_ORDER_KEY
            ? QueueConfig.Order.KEY
            : QueueConfig.Order.PRIORITY,
        queue.getIsSingleActive(),
        Duration.ofMillis(queue.getLeaseMillis()),
        queue.getMaxDeliveries(),
        Duration.ofMillis(queue.getRetryBaseMillis()),
        Duration.ofMillis(queue.getRetryCapMillis()),
        Duration.ofMillis(queue.getTtlMillis()),
        queue.getMaxLength(),
        queue.getOverflow() == QueueOverflow.QUEUE_OVERFLOW_DROP_OLDEST
            ? QueueConfig.Overflow.DROP_OLDEST
            : QueueConfig.Overflow.REJECT);
  }

  static dev.weir.proto.v1.Message message(Message message) {
    return message(message, message.topic(), message.timeMicros(), message.id());
  }

  /// A message with another topic, time and id, as if it had been made with them.
  static dev.weir.proto.v1.Message message(
      Message message, String topic, long timeMicros, Bytes id) {
    return dev.weir.proto.v1.Message.newBuilder()
        .setTopic(topic)
        .setKey(shared(message.key()))
        .setTimeMicros(timeMicros)
        .putAllHeaders(message.headers())
        .setContentType(message.contentType())
        .setId(shared(id))
        .setBody(shared(message.body()))
        .setTtlMillis(message.ttl().toMillis())
        .setDelayMillis(message.delay().toMillis())
        .setPriority(message.priority())
        .build();
  }

  private static ByteString shared(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.array(), bytes.arrayOffset(), bytes.length());
  }

  /// @throws IllegalArgumentException or a WeirException for what no message can be
  static QueuedMessage queued(dev.weir.proto.v1.QueuedMessage queued) {
    Optional<DeadLetter> dead =
        queued.hasDead() ? Optional.of(deadLetter(queued.getDead())) : Optional.empty();
    return new QueuedMessage(
        message(queued.getMessage()),
        new Position(queued.getStream(), queued.getPartition(), queued.getOffset()),
        queued.getStoredMicros(),
        queued.getDeliveries(),
        dead);
  }

  static Message message(dev.weir.proto.v1.Message message) {
    return new Message(
        message.getTopic(),
        GrpcBytes.of(message.getKey()),
        message.getTimeMicros(),
        message.getHeadersMap(),
        message.getContentType(),
        GrpcBytes.of(message.getId()),
        GrpcBytes.of(message.getBody()),
        Duration.ofMillis(message.getTtlMillis()),
        Duration.ofMillis(message.getDelayMillis()),
        message.hasPriority() ? message.getPriority() : Message.DEFAULT_PRIORITY);
  }

  private static DeadLetter deadLetter(dev.weir.proto.v1.DeadLetter dead) {
    return new DeadLetter(
        dead.getQueue(), reason(dead.getReason()), dead.getDeliveries(), dead.getMicros());
  }

  private static DeadLetter.Reason reason(DeathReason reason) {
    return switch (reason) {
      case DEATH_REASON_EXPIRED -> DeadLetter.Reason.EXPIRED;
      case DEATH_REASON_DROPPED -> DeadLetter.Reason.DROPPED;
      case DEATH_REASON_REJECTED -> DeadLetter.Reason.REJECTED;
      case DEATH_REASON_EXHAUSTED -> DeadLetter.Reason.EXHAUSTED;
      case DEATH_REASON_UNSPECIFIED, UNRECOGNIZED -> DeadLetter.Reason.OTHER;
    };
  }

  /// @param index how far behind the receipt's place the message stands
  /// @throws IllegalArgumentException for a place that is none
  static Receipt receipt(PublishReceipt receipt, int index) {
    Durability durability =
        switch (receipt.getDurability()) {
          case RECEIPT_DURABILITY_DURABLE -> Durability.DURABLE;
          case RECEIPT_DURABILITY_REPLICATED -> Durability.REPLICATED;
          case RECEIPT_DURABILITY_RECEIVED, RECEIPT_DURABILITY_UNSPECIFIED, UNRECOGNIZED ->
              Durability.RECEIVED;
        };
    Position position =
        new Position(receipt.getStream(), receipt.getPartition(), receipt.getOffset() + index);
    return new Receipt(durability, position, receipt.getIsDuplicate());
  }
}
