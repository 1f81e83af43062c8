package dev.weir.client;

import dev.weir.base.Checks;
import dev.weir.message.Batch;
import dev.weir.message.Cursor;
import dev.weir.message.Dictionary;
import dev.weir.message.DictionaryLookup;
import dev.weir.message.Position;
import dev.weir.proto.v1.Delivery;
import dev.weir.proto.v1.Gap;
import dev.weir.proto.v1.SubscribeRequest;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a feed has received and not handed over, and where that leaves it in each partition.
/// Guarded by the feed's lock.
final class Inbox {
  /// Four of the largest messages, or 500 batches of the usual size.
  static final int MAX_BYTES = 64 << 20;

  private static final int MAX_DICTIONARIES = 128;

  private final ArrayDeque<Chunk> queue = new ArrayDeque<>();
  private final Positions positions = new Positions();

  /// The server sends each once a call, and again after sixty-four others.
  private final Map<Integer, Dictionary> dictionaries =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Dictionary> eldest) {
          return size() > MAX_DICTIONARIES;
        }
      };

  private final DictionaryLookup known = id -> Optional.ofNullable(dictionaries.get(id));
  private long queuedBytes;
  private long received;
  private long missed;
  private boolean hasRetained;

  /// Begins where the server says; what is known already stays.
  void begin(Cursor cursor) {
    positions.begin(cursor);
  }

  /// The opening of the next call: behind everything received.
  SubscribeRequest opening(SubscribeOptions options, long credit) {
    return Requests.opening(options, positions, credit, options.withRetained() && !hasRetained);
  }

  /// Messages received so far, repeated ones included.
  long received() {
    return received;
  }

  /// Remembers what deliveries will need.
  void learn(Dictionary dictionary) {
    dictionaries.remove(dictionary.id());
    dictionaries.put(dictionary.id(), dictionary);
  }

  /// Takes a delivery in.
  ///
  /// @return false when all of it had been received before
  /// @throws IllegalArgumentException when it names an impossible place
  /// @throws dev.weir.base.WeirException with UNKNOWN_DICTIONARY
  boolean add(Delivery delivery) {
    String stream = delivery.getStream();
    int partition = delivery.getPartition();
    long wanted = positions.next(stream, partition);
    Checks.range("count", delivery.getCount(), 1, Batch.MAX_COUNT);
    received += delivery.getCount();
    if (delivery.getIsRetained()) {
      queue(
          new Chunk(
              delivery,
              known.require(delivery.getDictionaryId()),
              0,
              0,
              List.copyOf(positions.all())));
      return true;
    }
    if (delivery.getNextOffset() <= wanted) {
      return false;
    }
    positions.advance(new Position(stream, partition, delivery.getNextOffset()));
    Chunk chunk =
        new Chunk(
            delivery,
            known.require(delivery.getDictionaryId()),
            wanted,
            missed,
            positions.elsewhere(stream, partition));
    missed = 0;
    queue(chunk);
    return true;
  }

  private void queue(Chunk chunk) {
    queue.add(chunk);
    queuedBytes += chunk.bytes();
  }

  /// Everything retained has come: another call need not begin with it.
  void retainedEnd() {
    hasRetained = true;
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
