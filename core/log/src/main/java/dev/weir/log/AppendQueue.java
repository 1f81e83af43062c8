package dev.weir.log;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Appends from any thread to the log's thread, bounded in bytes. Room is given back only when an
/// append is durable or failed, so the bound covers all that is not yet on disk. An append larger
/// than the bound is taken when nothing else waits.
final class AppendQueue {
  private final ConcurrentLinkedQueue<PendingAppend> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final long limitBytes;
  private volatile boolean hasRefused;

  AppendQueue(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /// Any thread; false when there is no room.
  boolean offer(PendingAppend append) {
    long size = append.frameBytes();
    while (true) {
      long current = bytes.get();
      if (current > 0 && current + size > limitBytes) {
        hasRefused = true;
        if (bytes.get() == current) {
          return false; // who frees room after this line sees the refusal
        }
      } else if (bytes.compareAndSet(current, current + size)) {
        queue.add(append);
        return true;
      }
    }
  }

  /// Notes a refusal for another reason, so that [#takeRefusal] reports it.
  void refuse() {
    hasRefused = true;
  }

  /// Takes back an append that was offered; false when the log's thread already has it.
  boolean remove(PendingAppend append) {
    return queue.remove(append);
  }

  /// The log's thread: moves the oldest appends to the group until it holds about `groupBytes`.
  ///
  /// @return the group's bytes
  long drainTo(List<PendingAppend> group, long groupBytes) {
    long total = 0;
    @Nullable PendingAppend next = queue.peek();
    while (next != null && (total == 0 || total + next.frameBytes() <= groupBytes)) {
      PendingAppend taken = queue.poll();
      if (taken == null) {
        break; // Its caller took it back between the two calls.
      }
      group.add(taken);
      total += taken.frameBytes();
      next = queue.peek();
    }
    return total;
  }

  /// Gives back the room of appends that are durable or failed.
  void release(long count) {
    bytes.addAndGet(-count);
  }

  /// Whether an offer was refused that would be taken now; asks once.
  boolean takeRefusal() {
    if (!hasRefused || bytes.get() > limitBytes / 2) {
      return false;
    }
    hasRefused = false;
    return true;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  long bytes() {
    return bytes.get();
  }
}
