package dev.weir.wire;

import dev.weir.base.ByteSize;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// How many received bytes the connections of a process may hold together. While more than that is
/// held, connections grant no further credit; they are called once there is room again, so the
/// budget is exceeded by the windows that were granted before at most.
///
/// Connections report what they hold once per turn of their loop. Any thread.
public final class MemoryBudget {
  private final long limitBytes;
  private final AtomicLong heldBytes = new AtomicLong();
  private final AtomicInteger connections = new AtomicInteger();
  private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  public MemoryBudget(ByteSize limit) {
    this.limitBytes = limit.bytes();
  }

  /// Another connection shares it.
  void join() {
    connections.incrementAndGet();
  }

  void leave() {
    connections.decrementAndGet();
  }

  /// What each connection could have, if all took the same.
  long shareBytes() {
    return limitBytes / Math.max(1, connections.get());
  }

  /// Adds to what is held, or takes away.
  void hold(long bytes) {
    long now = heldBytes.addAndGet(bytes);
    if (bytes < 0 && now <= limitBytes) {
      wake();
    }
  }

  boolean hasRoom() {
    return heldBytes.get() <= limitBytes;
  }

  /// Runs the task once, soon after there is room: it must only hand over to its own loop.
  void whenRoom(Runnable task) {
    waiting.add(task);
    if (hasRoom()) {
      wake();
    }
  }

  private void wake() {
    for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
      task.run();
    }
  }

  /// Bytes that were received and are not consumed yet, as of each connection's last turn.
  public long heldBytes() {
    return heldBytes.get();
  }

  /// Direct memory that buffers of the process use, in whichever hands: what is held, what waits to
  /// be written, and the room of buffers that are not full.
  public static long bufferBytes() {
    return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
  }

  public long limitBytes() {
    return limitBytes;
  }
}
