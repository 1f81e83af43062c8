package dev.weir.broker.direct;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.explain.QueueEvent.Kind;
import dev.weir.broker.queue.Arrival;
import dev.weir.broker.queue.Handout;
import dev.weir.broker.queue.QueueMachine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread of a queue, `weir-queue-NAME`: loads what the machine wants and calls consumers. It
/// holds the queues' lock while it asks the machine, and neither reads the disk nor calls anybody
/// under it.
final class QueuePump implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(QueuePump.class);

  /// Loaded between two looks at what is ready.
  private static final int LOADS = 256;

  /// Handed out between two takings of the lock.
  private static final int HANDOUTS = 64;

  /// What expired unseen is met this late at most.
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// The log tries a full disk again as often.
  private static final long FAULT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final QueueHost host;
  private final LocalQueues owner;
  private final DurableQueue queue;
  private final QueueMachine machine;
  private final StreamReading reading;
  private final String name;

  QueuePump(QueueHost host, LocalQueues owner, DurableQueue queue) {
    this.host = host;
    this.owner = owner;
    this.queue = queue;
    this.machine = queue.machine();
    this.reading = new StreamReading(host.engine);
    this.name = queue.spec().name();
  }

  @Override
  public void run() {
    try (reading) {
      boolean isGoingOn = true;
      while (isGoingOn) {
        isGoingOn = turn();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("queue {} stopped", name, e);
    }
  }

  /// @return false when the queue is closed
  private boolean turn() throws InterruptedException {
    List<Handout> handouts = new ArrayList<>();
    long[] wanted;
    host.lock.lock();
    try {
      wanted = take(handouts);
      if (queue.isClosed()) {
        return false;
      }
    } finally {
      host.lock.unlock();
    }
    try {
      load(wanted);
    } catch (IOException e) {
      fault(e);
    }
    for (Handout handout : handouts) {
      deliver(handout);
    }
    return true;
  }

  /// Waits for something to do.
  ///
  /// @return the places to load first
  private long[] take(List<Handout> handouts) throws InterruptedException {
    while (!queue.isClosed()) {
      long now = host.nowMicros();
      machine.tick(now);
      long[] wanted = machine.wanted(LOADS);
      if (wanted.length > 0) {
        return wanted;
      }
      gather(handouts, now);
      owner.recorder().flush();
      if (!handouts.isEmpty()) {
        return wanted;
      }
      if (!queue.isFed()) {
        owner.feedAgain(queue);
      }
      owner.retain();
      if (machine.wanted(1).length == 0) {
        queue.sleep(idleNanos(now));
      }
    }
    return new long[0];
  }

  private void gather(List<Handout> handouts, long now) {
    while (handouts.size() < HANDOUTS && !owner.recorder().isBehind()) {
      Handout next = machine.next(now);
      if (next == null) {
        return;
      }
      handouts.add(next);
    }
  }

  private long idleNanos(long now) {
    if (owner.recorder().isRefused()) {
      return FAULT_NANOS;
    }
    long micros = machine.nextTickMicros() - now;
    long idleMicros = TimeUnit.NANOSECONDS.toMicros(IDLE_NANOS);
    return TimeUnit.MICROSECONDS.toNanos(Math.clamp(micros, 1, idleMicros));
  }

  private void fault(IOException cause) throws InterruptedException {
    LOG.warn("queue {} cannot read the stream: {}", name, cause.getMessage());
    host.lock.lock();
    try {
      queue.sleep(FAULT_NANOS);
    } finally {
      host.lock.unlock();
    }
  }

  private void load(long[] wanted) throws IOException {
    List<Arrival> arrivals = new ArrayList<>(wanted.length);
    List<Long> lost = new ArrayList<>(0);
    for (long place : wanted) {
      StreamMessage stored = read(place);
      if (stored == null) {
        lost.add(place);
      } else {
        arrivals.add(queue.arrival(place, stored));
      }
    }
    host.lock.lock();
    try {
      long now = host.nowMicros();
      arrivals.forEach(arrival -> machine.load(arrival, now));
      lost.forEach(machine::lost);
    } finally {
      host.lock.unlock();
    }
  }

  private @Nullable StreamMessage read(long place) throws IOException {
    StreamMessage recent = host.recent.at(place);
    return recent != null
        ? recent
        : reading.read(queue.scan().partition(place), queue.scan().offsetOf(place));
  }

  private void deliver(Handout handout) throws InterruptedException {
    try {
      StreamMessage stored = read(handout.position());
      pass(handout, stored);
    } catch (IOException e) {
      host.lock.lock();
      try {
        var _ = machine.nack(handout.position(), handout.lease(), 0, host.nowMicros());
      } finally {
        host.lock.unlock();
      }
      fault(e);
    }
  }

  private void pass(Handout handout, @Nullable StreamMessage stored) {
    QueueConsumer consumer;
    host.lock.lock();
    try {
      if (stored == null) {
        queue.forget(handout);
        return;
      }
      consumer = queue.consumer(handout.consumer());
      if (consumer != null) {
        queue.note(handout.position(), Kind.HANDED_OUT, handout.delivery() - 1, consumer.origin());
      }
    } finally {
      host.lock.unlock();
    }
    if (consumer == null) {
      return; // It left: the machine has taken back what it held.
    }
    try {
      consumer.deliver(queue.queued(stored, handout));
    } catch (RuntimeException e) {
      LOG.warn("a consumer of queue {} failed and is detached", name, e);
      detach(handout.consumer());
      consumer.ended(new WeirException(ErrorCode.BUG, "The consumer failed: " + e.getMessage()));
    }
  }

  private void detach(long consumer) {
    host.lock.lock();
    try {
      queue.detach(consumer);
    } finally {
      host.lock.unlock();
    }
  }
}
