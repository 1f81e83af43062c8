package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.Publisher;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Where `weir pub` sends: over an acked stream to a topic, or one by one to a queue, which may
/// refuse each.
sealed interface PubOutlet extends AutoCloseable {
  CompletableFuture<Receipt> publish(Message message);

  /// Waits until everything has its outcome.
  ///
  /// @throws WeirException with TIMED_OUT
  void flush(Duration timeout) throws InterruptedException;

  long acked();

  long failed();

  @Override
  void close();

  /// To topics.
  record ToTopic(Publisher publisher) implements PubOutlet {
    @Override
    public CompletableFuture<Receipt> publish(Message message) {
      return publisher.publishAsync(message);
    }

    @Override
    public void flush(Duration timeout) {
      var _ = publisher.flush(timeout);
    }

    @Override
    public long acked() {
      return publisher.totals().acked();
    }

    @Override
    public long failed() {
      return publisher.totals().failed();
    }

    @Override
    public void close() {
      publisher.close();
    }
  }

  /// To a queue. Any thread; the lock guards the counts.
  final class ToQueue implements PubOutlet {
    private final WeirClient client;
    private final String queue;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private long sent;
    private long acked;
    private long failed;

    ToQueue(WeirClient client, String queue) {
      this.client = client;
      this.queue = queue;
    }

    @Override
    public CompletableFuture<Receipt> publish(Message message) {
      lock.lock();
      try {
        sent++;
      } finally {
        lock.unlock();
      }
      return client
          .queues()
          .publishAsync(queue, message)
          .whenComplete((_, fault) -> settled(fault == null));
    }

    private void settled(boolean isStored) {
      lock.lock();
      try {
        acked += isStored ? 1 : 0;
        failed += isStored ? 0 : 1;
        change.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void flush(Duration timeout) throws InterruptedException {
      lock.lock();
      try {
        long leftNanos = timeout.toNanos();
        while (acked + failed < sent) {
          if (leftNanos <= 0) {
            throw new WeirException(
                ErrorCode.TIMED_OUT,
                sent - acked - failed + " messages have no receipt after " + timeout + ".");
          }
          leftNanos = change.awaitNanos(leftNanos);
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public long acked() {
      lock.lock();
      try {
        return acked;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public long failed() {
      lock.lock();
      try {
        return failed;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {}
  }
}
