package dev.weir.gateway.web.rest;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Queues;
import dev.weir.gateway.web.http.WebRequest.Departures;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The desks of all queues that are pulled from. Requests' threads call it; a virtual thread,
/// `weir-web-desks`, looks once a second which of them are of no more use.
public final class Pulls implements AutoCloseable {
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// A queue that ends while somebody pulls is another one when it is there again.
  private static final int ATTEMPTS = 3;

  private final Queues queues;
  private final Clock clock;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private final Map<String, PullDesk> desks = new HashMap<>();
  private boolean isClosed;

  /// @param random names leases, see [PullDesk]; any thread may draw
  public Pulls(Queues queues, Clock clock, RandomGenerator random) {
    this.queues = queues;
    this.clock = clock;
    this.random = random;
    Thread.ofVirtual().name("weir-web-desks").start(this::look);
  }

  /// See [PullDesk#pull].
  List<PulledMessage> pull(String queue, int max, Duration wait, Departures departures)
      throws InterruptedException {
    for (int i = 0; i < ATTEMPTS; i++) {
      PullDesk desk = desk(queue);
      @Nullable List<PulledMessage> messages = desk.pull(max, wait, departures);
      if (messages != null) {
        return messages;
      }
      forget(queue, desk);
    }
    throw new WeirException(ErrorCode.QUEUE_UNKNOWN, "The queue '" + queue + "' was deleted.");
  }

  private PullDesk desk(String queue) {
    lock.lock();
    try {
      if (isClosed) {
        throw new WeirException(ErrorCode.CONNECTION_LOST, "The core is closing.");
      }
      PullDesk known = desks.get(queue);
      if (known == null) {
        known = new PullDesk(queue, clock, random);
        known.open(queues); // Hands out nothing yet, and so calls nobody.
        desks.put(queue, known);
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  private void forget(String queue, PullDesk desk) {
    lock.lock();
    try {
      desks.remove(queue, desk);
    } finally {
      lock.unlock();
    }
    desk.close();
  }

  /// The desk of a queue, where anything of it is held.
  ///
  /// @throws WeirException with QUEUE_UNKNOWN
  Optional<PullDesk> open(String queue) {
    lock.lock();
    try {
      PullDesk known = desks.get(queue);
      if (known != null) {
        return Optional.of(known);
      }
    } finally {
      lock.unlock();
    }
    var _ = queues.details(queue);
    return Optional.empty();
  }

  /// Messages that pulls hold.
  public int held() {
    lock.lock();
    try {
      return desks.values().stream().mapToInt(PullDesk::held).sum();
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    lock.lock();
    try {
      while (!isClosed) {
        var _ = closing.awaitNanos(LOOK_NANOS);
        for (Iterator<PullDesk> each = desks.values().iterator(); each.hasNext(); ) {
          if (each.next().leaveIfIdle()) {
            each.remove();
          }
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /// Leaves all queues. Idempotent.
  @Override
  public void close() {
    List<PullDesk> open;
    lock.lock();
    try {
      isClosed = true;
      closing.signalAll();
      open = List.copyOf(desks.values());
      desks.clear();
    } finally {
      lock.unlock();
    }
    open.forEach(PullDesk::close);
  }
}
