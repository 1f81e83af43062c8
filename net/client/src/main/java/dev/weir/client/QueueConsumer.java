package dev.weir.client;

import dev.weir.base.Checks;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A consumer at its queue, which comes back by itself after a lost connection. What it held then
/// went to others: what waits here for a handler is dropped, and a handler that is at work settles
/// in vain ([HeldMessage#ack] fails), so that its message is handled again.
///
/// Threads: `weir-client-consumer-QUEUE-N` (virtual) call the handler; deliveries come on the
/// client's event loop. The lock guards what waits for a handler.
public final class QueueConsumer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueueConsumer.class);

  /// Waiting for handlers, however many messages that is: beyond it the server is asked for none.
  private static final long MAX_READY_BYTES = 16 << 20;

  private final ConsumeOptions options;
  private final QueueHandler handler;
  private final Executor callbacks;
  private final Consumer<QueueConsumer> onClosed;
  private final Redial<ConsumeSession> redial;
  private final List<Thread> handlers = new ArrayList<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private final ArrayDeque<HeldMessage> ready = new ArrayDeque<>();
  private long readyBytes;
  private boolean isClosing;

  /// The session that is to send nothing more until handlers have caught up; written under the
  /// lock.
  private volatile @Nullable ConsumeSession heldBack;

  private volatile int prefetch;

  /// Keeps what sessions are told in the order in which it was decided.
  private final ReentrantLock prefetchLock = new ReentrantLock();

  /// @param redials makes what connects again and again, from what makes calls
  QueueConsumer(
      ConsumeOptions options,
      QueueHandler handler,
      Executor loop,
      Executor callbacks,
      Function<Supplier<ConsumeSession>, Redial<ConsumeSession>> redials,
      Consumer<QueueConsumer> onClosed) {
    this.options = options;
    this.prefetch = options.prefetch();
    this.handler = handler;
    this.callbacks = callbacks;
    this.onClosed = onClosed;
    this.redial = redials.apply(() -> new ConsumeSession(this, options, loop));
  }

  void start() {
    for (int i = 1; i <= options.handlers(); i++) {
      handlers.add(
          Thread.ofVirtual()
              .name("weir-client-consumer-" + options.queue() + "-" + i)
              .start(this::handleAll));
    }
    redial.dial();
  }

  /// Completes when it was closed; fails with a [WeirException] when the server refuses for good:
  /// QUEUE_UNKNOWN, say.
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  /// Changes how many messages the consumer may hold, 0 to 10,000; what it holds already it keeps.
  public void prefetch(int messages) {
    Checks.range("prefetch", messages, 0, ConsumeOptions.MAX_PREFETCH);
    prefetch = messages;
    ConsumeSession session = redial.current();
    if (session != null) {
      tellPrefetch(session);
    }
  }

  int prefetch() {
    return prefetch;
  }

  void onOpened(ConsumeSession session) {
    redial.opened(session);
  }

  private void tellPrefetch(ConsumeSession session) {
    prefetchLock.lock();
    try {
      session.prefetch(session.equals(heldBack) ? 0 : prefetch);
    } finally {
      prefetchLock.unlock();
    }
  }

  void onDeliveries(ConsumeSession session, List<HeldMessage> held) {
    boolean isTooMuch = false;
    lock.lock();
    try {
      if (!isClosing) {
        for (HeldMessage each : held) {
          ready.add(each);
          readyBytes += each.bytes();
        }
        isTooMuch = readyBytes > MAX_READY_BYTES && !session.equals(heldBack);
        heldBack = isTooMuch ? session : heldBack;
        wake(held.size());
      }
    } finally {
      lock.unlock();
    }
    if (isTooMuch) {
      tellPrefetch(session);
    }
  }

  private void wake(int messages) {
    if (messages >= options.handlers()) {
      change.signalAll();
      return;
    }
    for (int i = 0; i < messages; i++) {
      change.signal();
    }
  }

  void onFailed(ConsumeSession session, WeirException cause) {
    if (Requests.isPassing(cause.code())) {
      redial.lost(session, String.valueOf(cause.getMessage()));
    } else if (session == redial.current()) {
      halt(session, cause);
    }
  }

  void onEnded(ConsumeSession session, Status status, Metadata trailers) {
    if (Requests.isFinal(status) && session == redial.current()) {
      halt(session, Refusals.of(status, trailers));
      return;
    }
    redial.lost(session, status.isOk() ? "the server ended the call" : Requests.reason(status));
    lock.lock();
    try {
      change.signalAll(); // Who waits in close() for the end of the call.
    } finally {
      lock.unlock();
    }
  }

  private void halt(ConsumeSession session, WeirException cause) {
    var _ = redial.end(new ClientState.Halted(cause.code(), String.valueOf(cause.getMessage())));
    session.cancel();
    stop();
    onClosed.accept(this);
    tell(() -> ended.completeExceptionally(cause));
  }

  /// Completes futures, which may have foreign code behind them, on the callback thread.
  void tell(Runnable task) {
    try {
      callbacks.execute(task);
    } catch (RejectedExecutionException _) {
      task.run(); // The client is closing; nobody is left to be held up.
    }
  }

  private void handleAll() {
    try {
      for (HeldMessage next = take(); next != null; next = take()) {
        handle(next);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// @return null when it is closed
  private @Nullable HeldMessage take() throws InterruptedException {
    HeldMessage next = poll();
    while (next != null) {
      if (heldBack != null) {
        release();
      }
      if (!next.isGone()) {
        return next;
      }
      next = poll();
    }
    return null;
  }

  /// @return null when it is closed
  private @Nullable HeldMessage poll() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!isClosing) {
        HeldMessage next = ready.poll();
        if (next != null) {
          readyBytes -= next.bytes();
          return next;
        }
        change.await();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /// Lets the server send again once half of what waited is handled.
  private void release() {
    ConsumeSession freed = null;
    lock.lock();
    try {
      if (readyBytes <= MAX_READY_BYTES / 2) {
        freed = heldBack;
        heldBack = null;
      }
    } finally {
      lock.unlock();
    }
    if (freed != null) {
      tellPrefetch(freed);
    }
  }

  private void handle(HeldMessage held) {
    boolean isDone = false;
    try {
      handler.handle(held);
      isDone = true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.warn("a handler failed at {}", held.queued().position(), e);
    }
    if (options.isManual() || held.isSettled()) {
      return;
    }
    var _ = isDone ? held.ack().exceptionally(this::unsettled) : held.nack();
  }

  private @Nullable Void unsettled(Throwable fault) {
    LOG.warn("a message was handled and could not be acked: {}", fault.getMessage());
    return null;
  }

  /// Takes nothing more, waits for the handlers that are at work and for the answers to their acks,
  /// within the drain time; what is held then goes to others. Idempotent.
  @Override
  public void close() {
    long endNanos = Clock.SYSTEM.nanoTime() + options.drain().toNanos();
    ConsumeSession session = redial.current();
    if (session != null) {
      prefetch = 0;
      tellPrefetch(session);
    }
    stop();
    awaitHandlers(endNanos);
    ConsumeSession last = redial.end(new ClientState.Closed());
    if (last != null) {
      last.finish();
      awaitEnd(last, endNanos);
      last.cancel();
    }
    onClosed.accept(this);
    tell(() -> ended.complete(null));
  }

  private void stop() {
    lock.lock();
    try {
      isClosing = true;
      ready.clear();
      readyBytes = 0;
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitHandlers(long endNanos) {
    try {
      for (Thread thread : handlers) {
        if (!thread.equals(Thread.currentThread())) { // A handler may close its consumer.
          long leftNanos = endNanos - Clock.SYSTEM.nanoTime();
          thread.join(Duration.ofNanos(Math.max(0, leftNanos)));
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitEnd(ConsumeSession session, long endNanos) {
    lock.lock();
    try {
      long leftNanos = endNanos - Clock.SYSTEM.nanoTime();
      while (!session.isOver() && leftNanos > 0) {
        leftNanos = change.awaitNanos(leftNanos);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
