package dev.weir.broker;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.message.Message;
import java.util.function.Consumer;

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
    return with(draft -> draft.maxMessageBytes = value);
  }

  public LocalBrokerConfig withRecentBytes(ByteSize value) {
    return with(draft -> draft.recentBytes = value);
  }

  public LocalBrokerConfig withHeldBytes(ByteSize value) {
    return with(draft -> draft.heldBytes = value);
  }

  public LocalBrokerConfig withMaxSubscriptions(int value) {
    return with(draft -> draft.maxSubscriptions = value);
  }

  public LocalBrokerConfig withMaxTopics(int value) {
    return with(draft -> draft.maxTopics = value);
  }

  public LocalBrokerConfig withMaxRetainedTopics(int value) {
    return with(draft -> draft.maxRetainedTopics = value);
  }

  public LocalBrokerConfig withQueueCheckpoint(int value) {
    return with(draft -> draft.queueCheckpoint = value);
  }

  private LocalBrokerConfig with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.config();
  }

  /// The same limits while one of them is changed.
  private static final class Draft {
    private final ByteSize maxBatchBytes;
    private ByteSize maxMessageBytes;
    private int maxSubscriptions;
    private int maxTopics;
    private ByteSize recentBytes;
    private ByteSize heldBytes;
    private final int maxQueuedMessages;
    private int maxRetainedTopics;
    private int queueCheckpoint;

    Draft(LocalBrokerConfig from) {
      maxBatchBytes = from.maxBatchBytes;
      maxMessageBytes = from.maxMessageBytes;
      maxSubscriptions = from.maxSubscriptions;
      maxTopics = from.maxTopics;
      recentBytes = from.recentBytes;
      heldBytes = from.heldBytes;
      maxQueuedMessages = from.maxQueuedMessages;
      maxRetainedTopics = from.maxRetainedTopics;
      queueCheckpoint = from.queueCheckpoint;
    }

    LocalBrokerConfig config() {
      return new LocalBrokerConfig(
          maxBatchBytes,
          maxMessageBytes,
          maxSubscriptions,
          maxTopics,
          recentBytes,
          heldBytes,
          maxQueuedMessages,
          maxRetainedTopics,
          queueCheckpoint);
    }
  }
}
