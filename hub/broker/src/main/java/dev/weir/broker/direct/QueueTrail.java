package dev.weir.broker.direct;

import dev.weir.broker.explain.QueueEvent;
import dev.weir.broker.explain.QueueEvent.Kind;
import dev.weir.broker.queue.RemovalReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What last happened to messages, of all queues together: a ring, for who asks why. In memory
/// only, some 700 KiB. Guarded by the queues' lock.
final class QueueTrail {
  /// A second of a busy core, hours of a quiet one: what is asked for was mostly seen just now.
  static final int SIZE = 1 << 14;

  private final long[] places = new long[SIZE];
  private final long[] times = new long[SIZE];
  private final int[] queues = new int[SIZE];
  private final int[] deliveries = new int[SIZE];
  private final @Nullable Kind[] kinds = new @Nullable Kind[SIZE];
  private final @Nullable String[] consumers = new @Nullable String[SIZE];
  private long count;

  void note(int queue, long place, Kind kind, int delivered, String who, long micros) {
    int at = (int) (count++ & (SIZE - 1));
    queues[at] = queue;
    places[at] = place;
    kinds[at] = kind;
    deliveries[at] = delivered;
    consumers[at] = who;
    times[at] = micros;
  }

  static Kind kind(RemovalReason reason) {
    return switch (reason) {
      case ACKED -> Kind.ACKED;
      case EXPIRED -> Kind.EXPIRED;
      case DROPPED -> Kind.DROPPED;
      case REJECTED -> Kind.REJECTED;
      case EXHAUSTED -> Kind.EXHAUSTED;
      case LOST -> Kind.LOST;
    };
  }

  /// What happened to a message in a queue, the oldest first.
  List<QueueEvent> of(int queue, long place) {
    List<QueueEvent> found = new ArrayList<>();
    for (long i = Math.max(0, count - SIZE); i < count; i++) {
      int at = (int) (i & (SIZE - 1));
      Kind kind = kinds[at];
      String who = consumers[at];
      if (places[at] == place && queues[at] == queue && kind != null && who != null) {
        found.add(new QueueEvent(times[at], kind, deliveries[at], who));
      }
    }
    return found;
  }
}
