package dev.weir.gateway.web.live;

import dev.weir.gateway.port.Peer;
import io.netty.channel.Channel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// What a connection is sent, bounded.
///
/// Problem: Netty queues whatever it is given, and a reader that stops reading must not fill the
/// core's memory. Idea: whoever has more to send waits, on its own virtual thread, until what was
/// given to Netty before is with the kernel, but for a little.
///
/// Threads: any thread sends and waits; the channel's event loop tells what is written.
final class Outlet {
  /// Enough to keep the kernel busy between two turns of the event loop; 2,000 stuck readers hold
  /// 128 MiB with it.
  private static final int ROOM_BYTES = 64 << 10;

  private final Channel channel;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();

  // Guarded by the lock.
  private long pendingBytes;
  private boolean isClosed;

  Outlet(Channel channel) {
    this.channel = channel;
    channel.closeFuture().addListener(_ -> close());
  }

  /// Where the client is, `HOST:PORT`.
  String origin() {
    return Peer.of(channel).text();
  }

  /// Blocks until there is room, or it is closed or over.
  ///
  /// @param isOver asked again after each [#wake]
  void awaitRoom(BooleanSupplier isOver) throws InterruptedException {
    lock.lock();
    try {
      while (!isClosed && pendingBytes >= ROOM_BYTES && !isOver.getAsBoolean()) {
        change.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Whether nobody has to wait now, because there is room or it is closed.
  boolean hasRoom() {
    lock.lock();
    try {
      return isClosed || pendingBytes < ROOM_BYTES;
    } finally {
      lock.unlock();
    }
  }

  /// Runs it on the event loop, behind the writing of what was sent before.
  void whenSent(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException _) {
      task.run(); // The loop has ended, and with it every connection.
    }
  }

  /// Writes without waiting.
  ///
  /// @param frame released here in any case
  /// @param bytes about as much as it has
  void send(Object frame, int bytes) {
    hold(bytes);
    channel.writeAndFlush(frame).addListener(_ -> written(bytes));
  }

  /// Counts what will be sent soon.
  void hold(int bytes) {
    lock.lock();
    try {
      pendingBytes += bytes;
    } finally {
      lock.unlock();
    }
  }

  /// Writes what is counted already, to be flushed.
  ///
  /// @param frame released here in any case
  void sendHeld(Object frame, int bytes) {
    channel.write(frame).addListener(_ -> written(bytes));
  }

  private void written(int bytes) {
    lock.lock();
    try {
      pendingBytes -= bytes;
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Whether something is on its way.
  boolean isBusy() {
    lock.lock();
    try {
      return pendingBytes > 0;
    } finally {
      lock.unlock();
    }
  }

  /// How much is on its way.
  long pendingBytes() {
    lock.lock();
    try {
      return pendingBytes;
    } finally {
      lock.unlock();
    }
  }

  void wake() {
    lock.lock();
    try {
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return isClosed;
    } finally {
      lock.unlock();
    }
  }

  private void close() {
    lock.lock();
    try {
      isClosed = true;
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
