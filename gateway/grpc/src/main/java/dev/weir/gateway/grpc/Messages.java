package dev.weir.gateway.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weir.base.Bytes;
import dev.weir.message.Durability;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.proto.ReceiptDurability;
import dev.weir.proto.v1.PublishReceipt;
import java.time.Duration;

/// Messages and receipts between the schema's words and the core's.
final class Messages {
  private Messages() {}

  /// @throws dev.weir.base.WeirException with INVALID_TOPIC
  /// @throws IllegalArgumentException for what is out of range
  static Message of(dev.weir.proto.v1.Message message) {
    return new Message(
        message.getTopic(),
        bytes(message.getKey()),
        message.getTimeMicros(),
        message.getHeadersMap(),
        message.getContentType(),
        bytes(message.getId()),
        bytes(message.getBody()),
        Duration.ofMillis(message.getTtlMillis()),
        Duration.ofMillis(message.getDelayMillis()),
        message.hasPriority() ? message.getPriority() : Message.DEFAULT_PRIORITY);
  }

  static dev.weir.proto.v1.Message of(Message message) {
    return dev.weir.proto.v1.Message.newBuilder()
        .setTopic(message.topic())
        .setKey(shared(message.key()))
        .setTimeMicros(message.timeMicros())
        .putAllHeaders(message.headers())
        .setContentType(message.contentType())
        .setId(shared(message.id()))
        .setBody(shared(message.body()))
        .setTtlMillis(message.ttl().toMillis())
        .setDelayMillis(message.delay().toMillis())
        .setPriority(message.priority())
        .build();
  }

  static PublishReceipt receipt(Receipt receipt) {
    return PublishReceipt.newBuilder()
        .setDurability(durability(receipt.durability()))
        .setStream(receipt.position().stream())
        .setPartition(receipt.position().partition())
        .setOffset(receipt.position().offset())
        .setIsDuplicate(receipt.isDuplicate())
        .build();
  }

  private static ReceiptDurability durability(Durability durability) {
    return switch (durability) {
      case RECEIVED -> ReceiptDurability.RECEIPT_DURABILITY_RECEIVED;
      case DURABLE -> ReceiptDurability.RECEIPT_DURABILITY_DURABLE;
      case REPLICATED -> ReceiptDurability.RECEIPT_DURABILITY_REPLICATED;
    };
  }

  static Bytes bytes(ByteString bytes) {
    return bytes.isEmpty() ? Bytes.EMPTY : Bytes.wrap(bytes.toByteArray());
  }

  /// Bytes never change, so gRPC may read the same array.
  static ByteString shared(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.array(), bytes.arrayOffset(), bytes.length());
  }
}
