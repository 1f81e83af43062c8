package dev.weir.broker.direct;

import dev.weir.base.WeirException;
import dev.weir.broker.DeadLetter;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.queue.Death;
import dev.weir.broker.queue.History;
import dev.weir.broker.queue.QueueMachine;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.broker.queue.QueueView;
import dev.weir.broker.queue.RemovalReason;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What goes from one queue to another: the dead to their dead-letter queues, and back. Everything
/// is called under the queues' lock.
final class QueueTransfers {
  private static final Logger LOG = LoggerFactory.getLogger(QueueTransfers.class);

  /// A dead message that nothing takes is tried again after this.
  private static final long KEPT_MICROS = TimeUnit.MINUTES.toMicros(1);

  private final QueueRegistry owner;
  private final QueueHost host;

  /// By the name of a dead-letter queue that could not be made: when that is tried again.
  private final Map<String, Long> refusedUntil = new HashMap<>();

  QueueTransfers(QueueRegistry owner, QueueHost host) {
    this.owner = owner;
    this.host = host;
  }

  /// A message left a queue: it is gone, or dead and goes to another.
  void removed(DurableQueue queue, long place, int level, RemovalReason reason, int deliveries) {
    String name = queue.spec().deadLetter().orElse("");
    if (!reason.isDead() || name.isEmpty()) {
      owner.recorder().operations().settled(queue.id(), place);
      return;
    }
    DurableQueue target = deadLetters(queue, name);
    if (target != null) {
      Death death = new Death(queue.id(), reason, deliveries, host.nowMicros());
      move(queue, target, place, level, death);
      target.wake();
    } else {
      keep(queue, place, level);
    }
  }

  /// Whether what a queue pushes out beyond its maximum length has somewhere to go. A queue that
  /// names a dead-letter queue drops nothing into the void: while that one cannot be made it is
  /// rather too long, by a bit of memory a message.
  boolean mayDrop(DurableQueue queue) {
    String name = queue.spec().deadLetter().orElse("");
    long now = host.nowMicros();
    if (name.isEmpty() || owner.queue(name) != null) {
      return true;
    }
    if (now < refusedUntil.getOrDefault(name, 0L)) {
      return false;
    }
    boolean isThere = deadLetters(queue, name) != null;
    if (isThere) {
      refusedUntil.remove(name);
    } else {
      refusedUntil.put(name, now + KEPT_MICROS);
      LOG.warn(
          "queue {} is beyond its maximum length and keeps what it should drop: nothing takes it",
          queue.spec().name());
    }
    return isThere;
  }

  /// The queue for the dead of another; made when it is missing, as a queue without a limit of
  /// deliveries.
  ///
  /// @return null when it cannot be made now
  private @Nullable DurableQueue deadLetters(DurableQueue queue, String name) {
    DurableQueue known = owner.queue(name);
    if (known != null) {
      return known;
    }
    QueueSettings standard = QueueSettings.defaults();
    QueueSpec spec =
        QueueSpec.of(name)
            .withSettings(standard.withRetry(0, standard.retryBase(), standard.retryCap()));
    try {
      DurableQueue made = owner.begin(spec);
      LOG.warn(
          "queue {} was made: queue {} names it for its dead, and it was missing",
          name,
          queue.spec().name());
      return made;
    } catch (WeirException e) {
      LOG.warn("queue {} for the dead cannot be made: {}", name, e.explanation());
      return null;
    }
  }

  /// It stays where it is, as if it had never been delivered: rather twice than not at all. The
  /// journal knows no better, so there is nothing to write.
  private void keep(DurableQueue queue, long place, int level) {
    long due = host.nowMicros() + KEPT_MICROS;
    queue.machine().enqueueMoved(place, level, new History(0, due, null));
    LOG.warn(
        "queue {} keeps the dead message at {}, since nothing takes it",
        queue.spec().name(),
        queue.scan().offsetOf(place));
  }

  private void move(
      DurableQueue source, DurableQueue target, long place, int priority, @Nullable Death death) {
    int level = QueueMachine.level(target.spec().settings().ordering(), priority);
    target.machine().enqueueMoved(place, level, new History(0, 0, death));
    owner.recorder().operations().moved(source.id(), target.id(), place, level, death);
  }

  /// Moves what nobody holds to one queue.
  ///
  /// @return how many messages went
  long redrive(DurableQueue source, DurableQueue target, int max) {
    return redrive(source, max, _ -> target);
  }

  /// Moves dead letters each to the queue that gave it up.
  ///
  /// @return how many messages went
  long redrive(DurableQueue source, int max) {
    Map<Integer, DurableQueue> byId = new HashMap<>();
    owner.queues().forEach(each -> byId.put(each.id(), each));
    byId.remove(source.id());
    return redrive(
        source, max, place -> place.death() == null ? null : byId.get(place.death().queue()));
  }

  private long redrive(
      DurableQueue source, int max, Function<QueueView.Place, @Nullable DurableQueue> route) {
    long count = 0;
    for (QueueView.Place place : source.machine().view().peek(max)) {
      DurableQueue target = route.apply(place);
      if (target != null && source.machine().giveAway(place.position(), host.nowMicros())) {
        move(source, target, place.position(), place.level(), null);
        target.wake();
        count++;
      }
    }
    return count;
  }

  /// Where a dead letter comes from, by name.
  DeadLetter deadLetter(Death death) {
    String name =
        owner.queues().stream()
            .filter(each -> each.id() == death.queue())
            .map(each -> each.spec().name())
            .findFirst()
            .orElse("");
    return new DeadLetter(name, death.reason(), death.deliveries(), death.micros());
  }
}
