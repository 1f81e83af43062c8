package dev.weir.broker.direct;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The newest messages that queues were told of, decoded, by their place in the stream, for all
/// queues together: what is handed out soon is neither read nor decoded a second time. The oldest
/// are forgotten first.
///
/// Any thread; its lock is held for single look-ups only.
final class RecentMessages {
  /// Of 1 KiB: twice what the consumers of one queue are handed ahead at most.
  static final long MAX_BYTES = 16 << 20;

  /// What a message takes beside its body, measured without headers.
  private static final int OVERHEAD_BYTES = 256;

  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, StreamMessage> byPlace = new LinkedHashMap<>();
  private long bytes;

  /// @param maxBytes bodies and overheads together, more only for a single message
  RecentMessages(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  void add(long place, StreamMessage message) {
    lock.lock();
    try {
      if (byPlace.putIfAbsent(place, message) == null) {
        bytes += weight(message);
        forgetBeyond();
      }
    } finally {
      lock.unlock();
    }
  }

  private void forgetBeyond() {
    Iterator<StreamMessage> oldest = byPlace.values().iterator();
    while (bytes > maxBytes && byPlace.size() > 1) {
      bytes -= weight(oldest.next());
      oldest.remove();
    }
  }

  private static long weight(StreamMessage message) {
    return (long) OVERHEAD_BYTES + message.message().body().length();
  }

  /// Null when it is not among them any more.
  @Nullable StreamMessage at(long place) {
    lock.lock();
    try {
      return byPlace.get(place);
    } finally {
      lock.unlock();
    }
  }
}
