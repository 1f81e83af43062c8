package dev.weir.broker;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.message.Message;

/// The limits of a broker.
///
/// @param maxBatchBytes header and payload of a batch that is published
/// @param maxMessageBytes the body of each message, in a batch or alone, 1 KiB to 16 MiB
/// @param maxSubscriptions open at once
/// @param maxTopics counted one by one; others are stored and delivered like any
/// @param recentBytes newest batches kept for live subscriptions; their payloads are shared with
///   the log's own tail cache
/// @param heldBytes batches that subscriptions waiting for credit keep decoded, all together
/// @param maxQueuedMessages single messages that wait for room in the engine
/// @param maxRetainedTopics that have a retained message; some 20 bytes of memory each
/// @param queueCheckpoint messages after which a queue writes how far it has looked at the stream:
///   a start looks at so many again at most
public record LocalBrokerConfig(
    ByteSize maxBatchBytes,
    ByteSize maxMessageBytes,
    int maxSubscriptions,
    int maxTopics,
    ByteSize recentBytes,
    ByteSize heldBytes,
    int maxQueuedMessages,
    int maxRetainedTopics,
    int queueCheckpoint) {
  public LocalBrokerConfig {
    Checks.range("maxBatchBytes", maxBatchBytes.bytes(), 1 << 10, Integer.MAX_VALUE);
    Checks.range("maxMessageBytes", maxMessageBytes.bytes(), 1 << 10, Message.MAX_BODY_BYTES);
    Checks.range("maxSubscriptions", maxSubscriptions, 1, 1 << 20);
    Checks.range("maxTopics", maxTopics, 1, 1 << 20);
    Checks.range("maxQueuedMessages", maxQueuedMessages, 0, 1 << 20);
    Checks.range("maxRetainedTopics", maxRetainedTopics, 1, 1 << 24);
    Checks.range("queueCheckpoint", queueCheckpoint, 1, 1 << 24);
  }

  /// 17 MiB batches, 16 MiB messages, 20,000 subscriptions, 10,000 topics, 8 MiB recent, 32 MiB
  /// held, 1,024 queued, 1,000,000 retained, 500,000 between two checkpoints of a queue, about a
  /// second.
  public static LocalBrokerConfig defaults() {
    return new LocalBrokerConfig(
        ByteSize.ofMebibytes(17),
        new ByteSize(Message.MAX_BODY_BYTES),
        20_000,
        10_000,
        ByteSize.ofMebibytes(8),
        ByteSize.ofMebibytes(32),
        1_024,
        1_000_000,
        500_000);
  }

  public LocalBrokerConfig withMaxMessageBytes(ByteSize value) {
    return new LocalBrokerConfig(
        maxBatchBytes,
        value,
        maxSubscriptions,
        maxTopics,
        recentBytes,
        heldBytes,
        maxQueuedMessages,
        maxRetainedTopics,
        queueCheckpoint);
  }

  public LocalBrokerConfig withRecentBytes(ByteSize value) {
    return new LocalBrokerConfig(
        maxBatchBytes,
        maxMessageBytes,
        maxSubscriptions,
        maxTopics,
        value,
        heldBytes,
        maxQueuedMessages,
        maxRetainedTopics,
        queueCheckpoint);
  }

  public LocalBrokerConfig withHeldBytes(ByteSize value) {
    return new LocalBrokerConfig(
        maxBatchBytes,
        maxMessageBytes,
        maxSubscriptions,
        maxTopics,
        recentBytes,
        value,
        maxQueuedMessages,
        maxRetainedTopics,
        queueCheckpoint);
  }

  public LocalBrokerConfig withMaxSubscriptions(int value) {
    return new LocalBrokerConfig(
        maxBatchBytes,
        maxMessageBytes,
        value,
        maxTopics,
        recentBytes,
        heldBytes,
        maxQueuedMessages,
        maxRetainedTopics,
        queueCheckpoint);
  }

  public LocalBrokerConfig withMaxTopics(int value) {
    return new LocalBrokerConfig(
        maxBatchBytes,
        maxMessageBytes,
        maxSubscriptions,
        value,
        recentBytes,
        heldBytes,
        maxQueuedMessages,
        maxRetainedTopics,
        queueCheckpoint);
  }

  public LocalBrokerConfig withMaxRetainedTopics(int value) {
    return new LocalBrokerConfig(
        maxBatchBytes,
        maxMessageBytes,
        maxSubscriptions,
        maxTopics,
        recentBytes,
        heldBytes,
        maxQueuedMessages,
        value,
        queueCheckpoint);
  }

  public LocalBrokerConfig withQueueCheckpoint(int value) {
    return new LocalBrokerConfig(
        maxBatchBytes,
        maxMessageBytes,
        maxSubscriptions,
        maxTopics,
        recentBytes,
        heldBytes,
        maxQueuedMessages,
        maxRetainedTopics,
        value);
  }
}
