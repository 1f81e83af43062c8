package dev.weir.wire;

import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Whose turn it is among streams that wait to send: strict classes by priority, and within a class
/// deficit round robin (M. Shreedhar and G. Varghese, 1995), so that each stream gets the same
/// share of bytes whatever the sizes of its messages. Every twentieth frame is bulk's if bulk
/// waits, so that it never starves.
///
/// Owned by the connection's event loop.
final class SendScheduler {
  /// What a stream may send per round: small enough that a ping of another stream waits for a
  /// quarter of a frame per neighbour on average.
  private static final int QUANTUM_BYTES = 16 << 10;

  private static final int BULK_EVERY_FRAMES = 20;

  private final List<ArrayDeque<StreamSender>> classes =
      Stream.generate(() -> new ArrayDeque<StreamSender>()).limit(4).toList();
  private int waiting;
  private int framesSinceBulk;

  boolean isEmpty() {
    return waiting == 0;
  }

  /// Queues a stream that has something it may send, unless it is queued.
  void add(StreamSender sender) {
    if (!sender.isScheduled) {
      sender.isScheduled = true;
      queueOf(sender).addLast(sender);
      waiting++;
    }
  }

  private ArrayDeque<StreamSender> queueOf(StreamSender sender) {
    return classes.get(sender.priority().number());
  }

  /// Lets streams write one frame after the other until nobody may or can.
  void run(Outbound outbound) {
    while (waiting > 0 && outbound.isOpenToWrite()) {
      ArrayDeque<StreamSender> queue = nextQueue();
      StreamSender sender = queue == null ? null : queue.pollFirst();
      if (queue == null || sender == null) {
        return;
      }
      int bytes = sender.deficitBytes > 0 ? sender.writeNext() : 0;
      if (sender.deficitBytes <= 0) {
        sender.deficitBytes += QUANTUM_BYTES;
        queue.addLast(sender);
      } else if (bytes == 0) {
        sender.isScheduled = false;
        sender.deficitBytes = QUANTUM_BYTES;
        waiting--;
      } else {
        sender.deficitBytes -= bytes;
        queue.addFirst(sender);
      }
    }
  }

  private @Nullable ArrayDeque<StreamSender> nextQueue() {
    ArrayDeque<StreamSender> bulk = classes.getLast();
    if (++framesSinceBulk >= BULK_EVERY_FRAMES && !bulk.isEmpty()) {
      framesSinceBulk = 0;
      return bulk;
    }
    for (ArrayDeque<StreamSender> queue : classes) {
      if (!queue.isEmpty()) {
        return queue;
      }
    }
    return null;
  }
}
