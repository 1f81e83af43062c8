package dev.weir.rpc;

import dev.weir.wire.Offer;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What is to be said on a stream, in order: gRPC takes every message, whether there is a stream
/// yet and whether the wire has room or not, and tells its user by `isReady`.
///
/// Whoever finds nobody at work does the work; a refused message stays until the stream is ready
/// again. Any thread.
final class Outbox {
  /// Something to say.
  interface Step {
    /// @return false when it was refused and is to be tried again
    boolean take(WireStream stream);

    /// It will never be said.
    default void drop() {}
  }

  private final ConcurrentLinkedQueue<Step> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger announced = new AtomicInteger();
  private volatile @Nullable WireStream stream;
  private volatile boolean isClosed;

  /// A message on a stream of its own.
  static Step message(ByteBuf body) {
    return new Step() {
      @Override
      public boolean take(WireStream target) {
        return target.send(body) != Offer.REFUSED;
      }

      @Override
      public void drop() {
        body.release();
      }
    };
  }

  /// Says something as soon as it can be said.
  void add(Step step) {
    WireStream target = stream;
    if (target == null || isClosed || !announced.compareAndSet(0, 1)) {
      queue.add(step);
      resume();
      return;
    }
    if (!queue.isEmpty() || !step.take(target)) {
      queue.add(step);
    }
    work();
  }

  void attach(WireStream target) {
    stream = target;
    resume();
  }

  /// Goes on after a refusal.
  void resume() {
    if (announced.getAndIncrement() == 0) {
      work();
    }
  }

  /// Nothing more can be said.
  void close() {
    isClosed = true;
    resume();
  }

  /// Whether more should be said now.
  boolean isReady() {
    WireStream target = stream;
    return target != null && !isClosed && queue.isEmpty() && target.isReady();
  }

  private void work() {
    int seen = 1;
    do {
      sayAll();
      seen = announced.addAndGet(-seen);
    } while (seen != 0);
  }

  private void sayAll() {
    WireStream target = stream;
    for (Step next = queue.peek(); next != null; next = queue.peek()) {
      if (isClosed) {
        next.drop();
      } else if (target == null || !next.take(target)) {
        return;
      }
      queue.poll();
    }
  }
}
