package dev.weir.client;

import dev.weir.base.Checks;
import dev.weir.message.Batch;
import dev.weir.message.Cursor;
import dev.weir.message.Position;
import dev.weir.proto.v1.Delivery;
import dev.weir.proto.v1.Gap;
import dev.weir.proto.v1.SubscribeRequest;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What a feed has received and not handed over, and where that leaves it in each partition.
/// Guarded by the feed's lock.
final class Inbox {
  /// Four of the largest messages, or 500 batches of the usual size.
  static final int MAX_BYTES = 64 << 20;

  private final ArrayDeque<Chunk> queue = new ArrayDeque<>();
  private final Positions positions = new Positions();
  private long queuedBytes;
  private long received;
  private long missed;

  /// Begins where the server says; what is known already stays.
  void begin(Cursor cursor) {
    positions.begin(cursor);
  }

  /// The opening of the next call: behind everything received.
  SubscribeRequest opening(SubscribeOptions options, long credit) {
    return Requests.opening(options, positions, credit);
  }

  /// Messages received so far, repeated ones included.
  long received() {
    return received;
  }

  /// Takes a delivery in.
  ///
  /// @return false when all of it had been received before
  /// @throws IllegalArgumentException when it names an impossible place
  boolean add(Delivery delivery) {
    String stream = delivery.getStream();
    int partition = delivery.getPartition();
    long wanted = positions.next(stream, partition);
    Checks.range("count", delivery.getCount(), 1, Batch.MAX_COUNT);
    received += delivery.getCount();
    if (delivery.getNextOffset() <= wanted) {
      return false;
    }
    positions.advance(new Position(stream, partition, delivery.getNextOffset()));
    Chunk chunk = new Chunk(delivery, wanted, missed, positions.elsewhere(stream, partition));
    missed = 0;
    queue.add(chunk);
    queuedBytes += chunk.bytes();
    return true;
  }

  /// Passes over messages that are gone; the next delivery tells how many.
  ///
  /// @throws IllegalArgumentException when it names an impossible place
  void skip(Gap gap) {
    long from = Math.max(gap.getFromOffset(), positions.next(gap.getStream(), gap.getPartition()));
    positions.advance(new Position(gap.getStream(), gap.getPartition(), gap.getToOffset()));
    missed += Math.max(0, gap.getToOffset() - from);
  }

  @Nullable Chunk poll() {
    Chunk chunk = queue.poll();
    if (chunk != null) {
      queuedBytes -= chunk.bytes();
    }
    return chunk;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  boolean isFull() {
    return queuedBytes >= MAX_BYTES;
  }

  void clear() {
    queue.clear();
    queuedBytes = 0;
  }
}
