package dev.weir.broker.direct;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.explain.QueueEvent.Kind;
import dev.weir.broker.queue.Arrival;
import dev.weir.broker.queue.Handout;
import dev.weir.broker.queue.QueueMachine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /// Handed out between two takings of the lock, while together they are small: so many go to one
  /// consumer in one piece, however many share the queue.
  private static final int HANDOUTS = 256;

  /// Of the largest messages.
  private static final int LEAST_HANDOUTS = 16;

  /// What is handed out at a time: a consumer that stops reading is noticed behind that.
  private static final int HANDOUT_BYTES = 4 << 20;

  /// What expired unseen is met this late at most.
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// The log tries a full disk again as often.
  private static final long FAULT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final QueueHost host;
  private final QueueRegistry owner;
  private final DurableQueue queue;
  private final QueueMachine machine;
  private final StreamReading reading;
  private final String name;

  /// What goes to one consumer.
  private record Parcel(long id, QueueConsumer consumer, List<QueuedMessage> messages) {}

  QueuePump(QueueHost host, QueueRegistry owner, DurableQueue queue) {
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
    if (!handouts.isEmpty()) {
      deliver(handouts);
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
      queue.forgetLargest();
      if (machine.wanted(1).length == 0) {
        queue.sleep(idleNanos(now));
      }
    }
    return new long[0];
  }

  private void gather(List<Handout> handouts, long now) {
    int largest = Math.max(1, queue.largestBytes());
    int max = Math.clamp(HANDOUT_BYTES / largest, LEAST_HANDOUTS, HANDOUTS);
    while (handouts.size() < max && !owner.recorder().isBehind()) {
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

  private void deliver(List<Handout> handouts) throws InterruptedException {
    List<@Nullable StreamMessage> contents = new ArrayList<>(handouts.size());
    List<Handout> readable = new ArrayList<>(handouts.size());
    IOException fault = null;
    for (Handout handout : handouts) {
      try {
        contents.add(read(handout.position()));
        readable.add(handout);
      } catch (IOException e) {
        fault = e;
        giveBack(handout);
      }
    }
    for (Parcel parcel : parcels(readable, contents)) {
      pass(parcel);
    }
    if (fault != null) {
      fault(fault);
    }
  }

  private void giveBack(Handout handout) {
    host.lock.lock();
    try {
      var _ = machine.nack(handout.position(), handout.lease(), 0, host.nowMicros());
    } finally {
      host.lock.unlock();
    }
  }

  /// Who gets what. A consumer that left gets nothing: the machine has taken back what it held.
  private Collection<Parcel> parcels(
      List<Handout> handouts, List<@Nullable StreamMessage> contents) {
    Map<Long, Parcel> parcels = new LinkedHashMap<>();
    host.lock.lock();
    try {
      for (int i = 0; i < handouts.size(); i++) {
        Handout handout = handouts.get(i);
        StreamMessage content = contents.get(i);
        QueueConsumer consumer = queue.consumer(handout.consumer());
        if (content == null) {
          queue.forget(handout);
        } else if (consumer != null) {
          queue.note(
              handout.position(), Kind.HANDED_OUT, handout.delivery() - 1, consumer.origin());
          parcels
              .computeIfAbsent(
                  handout.consumer(), id -> new Parcel(id, consumer, new ArrayList<>()))
              .messages()
              .add(queue.queued(content, handout));
        }
      }
    } finally {
      host.lock.unlock();
    }
    return parcels.values();
  }

  private void pass(Parcel parcel) {
    try {
      parcel.consumer().deliverAll(parcel.messages());
    } catch (RuntimeException e) {
      LOG.warn("a consumer of queue {} failed and is detached", name, e);
      detach(parcel.id());
      parcel
          .consumer()
          .ended(new WeirException(ErrorCode.BUG, "The consumer failed: " + e.getMessage()));
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
