package dev.weir.link;

import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/// The bounded queue into a duty thread, and the thread's sleep.
///
/// Any thread posts; one thread takes and sleeps. The sleeper announces itself before it looks a
/// last time, and a poster looks for a sleeper after it posted: one of the two sees the other.
final class Mailbox<T> {
  private final Queue<T> queue;
  private volatile @Nullable Thread sleeper;
  private volatile boolean isNudged;

  /// @param capacity events; what may be posted without being taken must be bounded below it
  Mailbox(int capacity) {
    queue = new MpscVarHandleArrayQueue<>(capacity);
  }

  /// Hands over an event.
  ///
  /// @return false when the mailbox is full: a bug of whoever bounds the events
  boolean post(T event) {
    boolean isTaken = queue.offer(event);
    wakeSleeper();
    return isTaken;
  }

  /// Wakes the thread without an event.
  void nudge() {
    if (!isNudged) {
      isNudged = true;
      wakeSleeper();
    }
  }

  private void wakeSleeper() {
    Thread thread = sleeper;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  /// The next event, or null.
  @Nullable T poll() {
    return queue.poll();
  }

  /// Whether it was nudged since this was last asked.
  boolean takeNudge() {
    if (!isNudged) {
      return false;
    }
    isNudged = false;
    return true;
  }

  /// Sleeps until something comes, at most for a time.
  void await(long nanos) {
    sleeper = Thread.currentThread();
    if (queue.isEmpty() && !isNudged) {
      LockSupport.parkNanos(this, nanos);
    }
    sleeper = null;
  }
}
