package dev.weir.broker;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Batch;
import dev.weir.message.BatchHeader;
import dev.weir.message.BatchScan;
import dev.weir.message.Topic;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Judges a batch before it is stored, so that nothing undecodable is ever acked: the header, the
/// limits, and one walk through the decompressed records (the README has what that costs). What is
/// acked can then be damaged by the disk only.
///
/// Any thread may call it.
final class PublishCheck {
  /// Batches of edges are 64 KiB to 1 MiB; larger ones are rare enough to allocate.
  private static final int SCRATCH_BYTES = 1 << 20;

  /// More threads than this judge at once on large machines only.
  private static final int MAX_SCRATCHES = 8;

  private final int maxBatchBytes;
  private final int maxMessageBytes;
  private final Consumer<String> queueTopics;
  private final ArrayBlockingQueue<byte[]> scratches = new ArrayBlockingQueue<>(MAX_SCRATCHES);

  /// @param maxBatchBytes header and payload of a batch, as it is stored
  /// @param maxMessageBytes the body of each message in it, decompressed
  /// @param queueTopics refuses the topic of a queue that cannot take a message
  PublishCheck(int maxBatchBytes, int maxMessageBytes, Consumer<String> queueTopics) {
    this.queueTopics = queueTopics;
    this.maxBatchBytes = maxBatchBytes;
    this.maxMessageBytes = maxMessageBytes;
  }

  /// @throws WeirException when the batch cannot be stored
  EngineAppend judge(PublishRequest request) {
    Batch batch = request.batch();
    if (batch.weight() > maxBatchBytes) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "A batch has " + batch.weight() + " bytes, the limit is " + maxBatchBytes + ".");
    }
    BatchHeader header = BatchHeader.decode(batch.header());
    checkTopics(header, request.identity().isPresent());
    BatchScan scan = scan(batch, header);
    if (scan.largestBodyBytes() > maxMessageBytes) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "A message has a body of "
              + scan.largestBodyBytes()
              + " bytes, the limit is "
              + maxMessageBytes
              + ".");
    }
    return new EngineAppend(
        batch,
        withIdsWithin(batch.count(), header),
        scan,
        request.identity(),
        routing(request.routingKey(), header.topics().getFirst()),
        request.isParting());
  }

  /// Weir's own topics are closed to publishers, but for those of queues; a lane may tell its
  /// losses.
  private void checkTopics(BatchHeader header, boolean isLane) {
    if (header.topics().isEmpty()) {
      throw new WeirException(ErrorCode.MALFORMED, "A batch names no topic.");
    }
    for (String topic : header.topics()) {
      boolean isLoss = isLane && topic.equals(Topic.LOSS);
      if (topic.startsWith(QueueSpec.TOPIC_PREFIX)) {
        queueTopics.accept(topic);
      } else if (topic.startsWith("$") && !isLoss) {
        throw new WeirException(
            ErrorCode.INVALID_TOPIC,
            "The topic '" + topic + "' begins with $: only Weir itself publishes there.");
      }
    }
  }

  private BatchScan scan(Batch batch, BatchHeader header) {
    byte @Nullable [] pooled = scratches.poll();
    byte[] scratch = pooled == null ? new byte[SCRATCH_BYTES] : pooled;
    try {
      return BatchScan.of(batch, header, scratch);
    } finally {
      var _ = scratches.offer(scratch);
    }
  }

  /// Ids of messages that the batch does not have are nobody's.
  private static BatchHeader withIdsWithin(int count, BatchHeader header) {
    if (header.ids().keySet().stream().allMatch(index -> index < count)) {
      return header;
    }
    Map<Integer, Bytes> ids = new TreeMap<>(header.ids());
    ids.keySet().removeIf(index -> index >= count);
    return new BatchHeader(header.topics(), header.source(), header.origin(), ids);
  }

  /// Equal for what keeps its order.
  static int routing(Bytes key, String topic) {
    int hash = key.isEmpty() ? topic.hashCode() : key.hashCode();
    return hash ^ (hash >>> 16);
  }
}
