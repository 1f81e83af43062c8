package dev.weir.gateway.web.live;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Stops what is handed to a socket whose reader stands still: above a limit of what is on its way
/// it may hold nothing, until there is room again. Any thread.
final class SocketValve {
  private static final long PAUSE_BYTES = 256 << 10;

  private final SocketWriter writer;
  private final int most;
  private final Executor waiting;
  private final AtomicBoolean isPaused = new AtomicBoolean();
  private volatile @Nullable IntConsumer room;
  private volatile boolean isClosed;

  /// @param most what it may hold while it reads
  /// @param waiting runs what waits for room
  SocketValve(SocketWriter writer, int most, Executor waiting) {
    this.writer = writer;
    this.most = most;
    this.waiting = waiting;
  }

  /// Begins.
  ///
  /// @param newRoom told how much it may hold from now on
  void open(IntConsumer newRoom) {
    room = newRoom;
    newRoom.accept(most);
  }

  /// Something was handed over.
  void passed() {
    IntConsumer open = room;
    if (open != null
        && writer.outlet().pendingBytes() > PAUSE_BYTES
        && isPaused.compareAndSet(false, true)) {
      pause(open);
    }
  }

  private void pause(IntConsumer open) {
    open.accept(0);
    try {
      waiting.execute(() -> resume(open));
    } catch (RejectedExecutionException _) {
      close(); // The door is closing.
    }
  }

  private void resume(IntConsumer open) {
    try {
      writer.outlet().awaitRoom(() -> isClosed);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return;
    }
    isPaused.set(false);
    if (!isClosed && !writer.outlet().isClosed()) {
      open.accept(most);
    }
  }

  void close() {
    isClosed = true;
    writer.outlet().wake();
  }
}
