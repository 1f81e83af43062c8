package dev.weir.broker.direct;

import dev.weir.broker.DeadLetter;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.explain.QueueEvent;
import dev.weir.broker.explain.QueueTrace;
import dev.weir.broker.explain.QueueTrace.State;
import dev.weir.broker.queue.Death;
import dev.weir.broker.queue.Standing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What queues made of one message. Everything is called under the queues' lock.
final class QueueTraces {
  private final QueueTrail trail;
  private final Function<Death, DeadLetter> letters;

  QueueTraces(QueueTrail trail, Function<Death, DeadLetter> letters) {
    this.trail = trail;
    this.letters = letters;
  }

  /// Of all queues that a message is or was for.
  ///
  /// @param topic empty when it is not known any more
  List<QueueTrace> of(Collection<DurableQueue> queues, int partition, long offset, String topic) {
    List<QueueTrace> traces = new ArrayList<>();
    for (DurableQueue queue : queues) {
      QueueTrace trace = trace(queue, partition, offset, topic);
      if (trace != null) {
        traces.add(trace);
      }
    }
    return traces;
  }

  private @Nullable QueueTrace trace(DurableQueue queue, int partition, long offset, String topic) {
    long place = queue.scan().place(partition, offset);
    Standing standing = queue.machine().view().standing(place);
    List<QueueEvent> events = trail.of(queue.id(), place);
    if (standing == null) {
      return events.isEmpty() && !isFor(queue, topic)
          ? null
          : gone(queue, offset >= queue.scan().offset(partition), events);
    }
    QueueConsumer holder = queue.consumer(standing.consumer());
    return new QueueTrace(
        queue.spec().name(),
        state(standing.kind()),
        standing.deliveries(),
        standing.untilMicros(),
        holder == null ? "" : holder.origin(),
        Optional.ofNullable(standing.death()).map(letters),
        events);
  }

  private static boolean isFor(DurableQueue queue, String topic) {
    return !topic.isEmpty()
        && (topic.equals(queue.spec().topic())
            || queue.spec().filters().stream().anyMatch(filter -> filter.test(topic)));
  }

  private static QueueTrace gone(DurableQueue queue, boolean isAhead, List<QueueEvent> events) {
    int deliveries = events.isEmpty() ? 0 : events.getLast().deliveries();
    State state = isAhead ? State.NOT_SEEN : State.GONE;
    return new QueueTrace(queue.spec().name(), state, deliveries, 0, "", Optional.empty(), events);
  }

  private static State state(Standing.Kind kind) {
    return switch (kind) {
      case WAITING -> State.WAITING;
      case DELAYED -> State.DELAYED;
      case BEHIND_ITS_KEY -> State.BEHIND_ITS_KEY;
      case HELD -> State.HELD;
    };
  }
}
