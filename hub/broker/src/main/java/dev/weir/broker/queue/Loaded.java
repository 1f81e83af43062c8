package dev.weir.broker.queue;

import dev.weir.broker.queue.DeliveryTable.Action;
import dev.weir.broker.queue.DeliveryTable.Event;
import dev.weir.broker.queue.DeliveryTable.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The messages of a queue that are in memory: by position, the ready ones by priority, the others
/// by their timer, and behind one another by key. Owned by its machine.
final class Loaded {
  private final boolean isKeyed;
  private final Map<Long, Entry> entries = new HashMap<>();
  private final List<TreeMap<Long, Entry>> ready = new ArrayList<>();
  private final TreeSet<Entry> timers = new TreeSet<>(Loaded::compareTimers);

  /// By the key's hash: all that is loaded of it, in order. Only the first is ever handed out.
  private final Map<Long, ArrayDeque<Entry>> lines = new HashMap<>();

  private int held;
  private int waiting;

  Loaded(boolean isKeyed) {
    this.isKeyed = isKeyed;
    for (int level = 0; level < QueueSettings.LEVELS; level++) {
      ready.add(new TreeMap<>());
    }
  }

  /// Twice a message: a chain of comparators was a sixth of what a message costs a queue.
  private static int compareTimers(Entry one, Entry other) {
    int order = Long.compare(one.timerMicros, other.timerMicros);
    return order == 0 ? Long.compare(one.position(), other.position()) : order;
  }

  int size() {
    return entries.size();
  }

  int held() {
    return held;
  }

  int waiting() {
    return waiting;
  }

  Collection<Entry> all() {
    return entries.values();
  }

  @Nullable Entry get(long position) {
    return entries.get(position);
  }

  /// `Long.MAX_VALUE` when there is none.
  long oldest() {
    return entries.keySet().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
  }

  boolean contains(long position) {
    return entries.containsKey(position);
  }

  /// How many are ready, of a priority.
  int ready(int level) {
    return ready.get(level).size();
  }

  /// The places of those.
  Set<Long> readyPositions(int level) {
    return ready.get(level).keySet();
  }

  /// The oldest of those; null when there is none.
  @Nullable Entry firstReady(int level) {
    Map.Entry<Long, Entry> first = ready.get(level).firstEntry();
    return first == null ? null : first.getValue();
  }

  /// The newest of those; null when there is none.
  @Nullable Entry lastReady(int level) {
    Map.Entry<Long, Entry> last = ready.get(level).lastEntry();
    return last == null ? null : last.getValue();
  }

  /// Takes a message in.
  void add(Entry entry, long nowMicros) {
    entries.put(entry.position(), entry);
    if (hasLine(entry)) {
      ArrayDeque<Entry> line = lines.computeIfAbsent(entry.arrival.keyHash(), _ -> newLine());
      line.add(entry);
      if (line.size() > 1) {
        return;
      }
    }
    admit(entry, Event.TURN, nowMicros);
  }

  /// Most keys have one message at a time.
  private static ArrayDeque<Entry> newLine() {
    return new ArrayDeque<>(1);
  }

  private boolean hasLine(Entry entry) {
    return isKeyed && entry.arrival.keyHash() != 0;
  }

  /// Lets it be ready, or wait for its time.
  void admit(Entry entry, Event event, long nowMicros) {
    leave(entry);
    if (entry.dueMicros > nowMicros) {
      entry.land(event, State.WAITING);
      entry.timerMicros = entry.dueMicros;
      timers.add(entry);
      waiting++;
    } else {
      entry.land(event, State.READY);
      ready.get(entry.level).put(entry.position(), entry);
    }
  }

  /// Gives it to a consumer, until a time.
  void hold(Entry entry, long lease, long consumer, long untilMicros) {
    leave(entry);
    entry.land(Event.TAKE, State.HELD);
    entry.lease = lease;
    entry.consumer = consumer;
    entry.timerMicros = untilMicros;
    timers.add(entry);
    held++;
  }

  void renew(Entry entry, long untilMicros) {
    timers.remove(entry);
    entry.land(Event.EXTEND, State.HELD);
    entry.timerMicros = untilMicros;
    timers.add(entry);
  }

  /// Whose wait or lease is over; null for nobody.
  @Nullable Entry over(long nowMicros) {
    return timers.isEmpty() || timers.first().timerMicros > nowMicros ? null : timers.first();
  }

  /// `Long.MAX_VALUE` when there is none.
  long nextTimerMicros() {
    return timers.isEmpty() ? Long.MAX_VALUE : timers.first().timerMicros;
  }

  /// It is settled: the next of its key has its turn.
  void remove(Entry entry, Event event, long nowMicros) {
    leave(entry);
    entry.land(event, State.GONE);
    entries.remove(entry.position());
    if (!hasLine(entry)) {
      return;
    }
    ArrayDeque<Entry> line = lines.get(entry.arrival.keyHash());
    if (line == null || line.peekFirst() != entry) {
      var _ = line != null && line.remove(entry);
      return;
    }
    line.removeFirst();
    Entry next = line.peekFirst();
    if (next == null) {
      lines.remove(entry.arrival.keyHash());
    } else if (next.on(Event.TURN) == Action.ADMIT) {
      admit(next, Event.TURN, nowMicros);
    }
  }

  /// Takes a ready message out of memory, back to its position.
  void unload(Entry entry) {
    leave(entry);
    entries.remove(entry.position());
  }

  /// Out of where its state has put it.
  private void leave(Entry entry) {
    switch (entry.state) {
      case READY -> ready.get(entry.level).remove(entry.position());
      case WAITING -> {
        timers.remove(entry);
        waiting--;
      }
      case HELD -> {
        timers.remove(entry);
        held--;
      }
      case PARKED, GONE -> {}
    }
  }
}
