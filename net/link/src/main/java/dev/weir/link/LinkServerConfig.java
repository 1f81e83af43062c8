package dev.weir.link;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.message.Durability;
import dev.weir.message.Topic;
import java.time.Duration;

/// How a core's end of the links behaves.
///
/// @param node the core's name, told to senders
/// @param maxFrame header and payload of the largest frame, 64 KiB to 16.5 MiB
/// @param maxMessage the largest single message outside a frame, 1 KiB to 16 MiB
/// @param budget what all streams together may have queued for the store, 1 MiB or more
/// @param heartbeat between two beats, told to senders, 100 ms to 5 min
/// @param helloTimeout from the opening of a stream to its first request
/// @param queueCapacity messages that are kept for a connection of version 1, 1 to 1,000,000
/// @param overflow what a full queue of version 1 does
/// @param topic where messages of version 1 go
/// @param durability what an ack is worth
/// @param maxSessions streams at a time, 1 or more; a further one is asked to come back
public record LinkServerConfig(
    String node,
    ByteSize maxFrame,
    ByteSize maxMessage,
    ByteSize budget,
    Duration heartbeat,
    Duration helloTimeout,
    int queueCapacity,
    Overflow overflow,
    String topic,
    Durability durability,
    int maxSessions) {
  /// What happens to a version 1 client whose queue is full.
  public enum Overflow {
    /// Reading stops until there is room; nothing is dropped.
    CREDIT,
    /// The oldest waiting message is dropped, counted, and told.
    DROP_OLDEST
  }

  /// A message of 1 MiB that does not compress, and the batch around it.
  private static final ByteSize DEFAULT_MAX_FRAME = ByteSize.ofKibibytes(1024 + 64);

  public LinkServerConfig {
    Checks.range("maxFrame", maxFrame.bytes(), 64 << 10, LinkClientConfig.MAX_FRAME_BYTES);
    Checks.range("maxMessage", maxMessage.bytes(), 1 << 10, 16 << 20);
    Checks.range("budget", budget.bytes(), 1 << 20, 1L << 40);
    Checks.range("heartbeat millis", heartbeat.toMillis(), 100, 300_000);
    Checks.range("helloTimeout millis", helloTimeout.toMillis(), 1, 300_000);
    Checks.range("queueCapacity", queueCapacity, 1, 1_000_000);
    Topic.check(topic);
    Checks.range("maxSessions", maxSessions, 1, 1_000_000);
  }

  /// The defaults: messages of 1 MiB, 16 MiB queued over all streams, a beat every 5 s, 10 s for
  /// the hello, 1000 messages of version 1 to the topic `ingest`, 1024 streams.
  public static LinkServerConfig of(String node) {
    return new LinkServerConfig(
        node,
        DEFAULT_MAX_FRAME,
        ByteSize.ofMebibytes(1),
        ByteSize.ofMebibytes(16),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        1000,
        Overflow.CREDIT,
        "ingest",
        Durability.DURABLE,
        1024);
  }

  /// With other limits on what one frame, one single message, and all streams together may weigh.
  public LinkServerConfig withLimits(
      ByteSize newMaxFrame, ByteSize newMaxMessage, ByteSize newBudget) {
    return new LinkServerConfig(
        node,
        newMaxFrame,
        newMaxMessage,
        newBudget,
        heartbeat,
        helloTimeout,
        queueCapacity,
        overflow,
        topic,
        durability,
        maxSessions);
  }

  /// With other times.
  public LinkServerConfig withTimes(Duration newHeartbeat, Duration newHelloTimeout) {
    return new LinkServerConfig(
        node,
        maxFrame,
        maxMessage,
        budget,
        newHeartbeat,
        newHelloTimeout,
        queueCapacity,
        overflow,
        topic,
        durability,
        maxSessions);
  }

  /// With another treatment of version 1.
  public LinkServerConfig withVersionOne(
      int newQueueCapacity, Overflow newOverflow, String newTopic) {
    return new LinkServerConfig(
        node,
        maxFrame,
        maxMessage,
        budget,
        heartbeat,
        helloTimeout,
        newQueueCapacity,
        newOverflow,
        newTopic,
        durability,
        maxSessions);
  }

  /// With another limit on streams.
  public LinkServerConfig withMaxSessions(int newMaxSessions) {
    return new LinkServerConfig(
        node,
        maxFrame,
        maxMessage,
        budget,
        heartbeat,
        helloTimeout,
        queueCapacity,
        overflow,
        topic,
        durability,
        newMaxSessions);
  }
}
