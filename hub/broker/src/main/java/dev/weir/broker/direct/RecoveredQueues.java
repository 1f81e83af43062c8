package dev.weir.broker.direct;

import dev.weir.broker.QueueSpec;
import dev.weir.broker.queue.Death;
import dev.weir.broker.queue.History;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The queues as the journal tells them. Operations may be in a snapshot already that comes before
/// them: each says what is so, not what changes, and the last one about a message holds.
final class RecoveredQueues implements QueueReplay {
  private final Map<Integer, QueueRecord> queues = new TreeMap<>();
  private int lastId;

  Map<Integer, QueueRecord> queues() {
    return queues;
  }

  /// Their states are the machines' now.
  void forget() {
    queues.clear();
  }

  int lastId() {
    return lastId;
  }

  @Override
  public void created(int id, QueueSpec spec, long[] scanned) {
    lastId = Math.max(lastId, id);
    queues.putIfAbsent(id, QueueRecord.fresh(id, spec, scanned));
  }

  @Override
  public void deleted(int id) {
    lastId = Math.max(lastId, id);
    queues.remove(id);
  }

  @Override
  public void settled(int id, long first, long end) {
    QueueRecord queue = queues.get(id);
    if (queue != null) {
      queue.settle(first, end);
    }
  }

  @Override
  public void returned(int id, long place, int deliveries, long dueMicros) {
    QueueRecord queue = queues.get(id);
    if (queue != null) {
      History known = queue.state().histories().get(place);
      Death death = known == null ? null : known.death();
      queue.state().histories().put(place, new History(deliveries, dueMicros, death));
    }
  }

  @Override
  public void moved(int from, int to, long place, int level, @Nullable Death death) {
    settled(from, place, place + 1);
    QueueRecord target = queues.get(to);
    if (target != null) {
      var _ = target.scan().meet(place);
      target.state().unsettled(level).add(place);
      if (death == null) {
        target.state().histories().remove(place);
      } else {
        target.state().histories().put(place, new History(0, 0, death));
      }
    }
  }

  @Override
  public void arrived(int id, Arrivals arrivals) {
    QueueRecord queue = queues.get(id);
    if (queue != null) {
      queue.arrive(arrivals);
    }
  }

  @Override
  public void state(QueueRecord record) {
    lastId = Math.max(lastId, record.id());
    queues.put(record.id(), record);
  }
}
