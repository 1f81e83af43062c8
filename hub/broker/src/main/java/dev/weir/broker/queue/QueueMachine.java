package dev.weir.broker.queue;

import dev.weir.base.Checks;
import dev.weir.broker.queue.DeliveryTable.Action;
import dev.weir.broker.queue.DeliveryTable.Event;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One queue: which message goes to whom, and what becomes of it.
///
/// Problem: a queue of ten million messages must not cost memory, yet priorities, delays and keys
/// hand out in another order than that of the log. Idea: a message is a *position* until it is near
/// its turn. The backlog is a set of positions a priority (a bit each where they are dense), a
/// delay is 16 bytes. The owner loads what [#wanted] names, some thousand at a time, and only
/// loaded messages have keys, leases and retries.
///
/// Invariants, held whatever the owner loads late:
/// - The next message is the oldest of the highest priority that is due; while that one is not
///   loaded, [#next] gives nothing.
/// - Ordered by key, a key has one message handed out or waiting at a time, and it is the oldest.
/// - A delivery is settled once, by who names its lease, before the lease ends.
///
/// What a message costs: `PositionSet` in the backlog, 16 bytes delayed in a queue ordered by
/// priority, about 200 bytes loaded or held, about 100 bytes when it was delivered in vain before
/// the last start and is not loaded again. Loaded messages are bounded by [QueueLimits], held ones
/// by the consumers' prefetch.
///
/// Pure: no I/O, the time is given and never goes back, the jitter comes from the generator. Owned
/// by one thread at a time.
public final class QueueMachine {
  /// In one step.
  private static final int MAX_DROPS = 64;

  private final QueueSettings settings;
  private final QueueListener listener;
  private final RandomGenerator random;
  private final boolean isKeyed;
  private final Backlog backlog;
  private final Loaded loaded;
  private final Consumers consumers;
  private final LoadWindow window;
  private final QueueView view;
  private long lastLease;

  /// Begins where another machine's [QueueView#state] ended.
  ///
  /// @param firstLease above any lease that an earlier machine of this queue gave out: the time of
  ///   the start in microseconds
  public QueueMachine(
      QueueSettings settings,
      QueueLimits limits,
      QueueState state,
      QueueListener listener,
      RandomGenerator random,
      long firstLease,
      long nowMicros) {
    this.settings = settings;
    this.listener = listener;
    this.random = random;
    this.isKeyed = settings.ordering() == Ordering.KEY;
    this.backlog = new Backlog(state, isKeyed, nowMicros);
    this.loaded = new Loaded(isKeyed);
    this.consumers = new Consumers(settings.isSingleActive());
    this.window = new LoadWindow(limits, isKeyed, backlog, loaded);
    this.view = new QueueView(backlog, loaded, consumers);
    this.lastLease = firstLease;
  }

  /// The level at which a queue keeps messages of a priority.
  public static int level(Ordering ordering, int priority) {
    return ordering == Ordering.KEY ? 0 : priority;
  }

  private int level(Arrival arrival) {
    return level(settings.ordering(), arrival.priority());
  }

  /// Looks at it.
  public QueueView view() {
    return view;
  }

  /// Messages in it, those included that are expired and were not met yet.
  public long length() {
    return view.length();
  }

  /// Whether the queue's maximum length allows one more.
  public boolean hasRoom() {
    return settings.maxLength() == 0 || length() < settings.maxLength();
  }

  /// Takes in a message that is stored; one that it has already is ignored.
  public void enqueue(Arrival arrival, long nowMicros) {
    int level = level(arrival);
    PositionSet waiting = backlog.level(level);
    if (loaded.contains(arrival.position()) || waiting.contains(arrival.position())) {
      return;
    }
    if (!isKeyed && arrival.dueMicros() > nowMicros) {
      backlog.delay(arrival, level);
    } else if (waiting.isEmpty() && window.hasRoomFor(level)) {
      admit(arrival, nowMicros);
    } else {
      waiting.add(arrival.position());
    }
    if (settings.overflow() == Overflow.DROP_OLDEST && settings.maxLength() > 0) {
      dropBeyond(settings.maxLength(), nowMicros);
    }
  }

  /// Takes in a message that another queue gave away; one that it has already is ignored.
  ///
  /// @param level see [#level]
  public void enqueueMoved(long position, int level, History history) {
    if (!loaded.contains(position) && backlog.level(level).add(position)) {
      backlog.remember(position, history);
    }
  }

  /// What is beyond for longer, since nothing took it, goes little by little.
  private void dropBeyond(long maxLength, long nowMicros) {
    if (length() <= maxLength || !listener.mayDrop()) {
      return;
    }
    int left = MAX_DROPS;
    while (left > 0 && length() > maxLength && dropOldest(nowMicros)) {
      left--;
    }
  }

  /// @return false when everything is held, delayed or behind its key
  private boolean dropOldest(long nowMicros) {
    long oldest = window.oldest();
    if (oldest == Long.MAX_VALUE) {
      return false;
    }
    Entry entry = loaded.get(oldest);
    if (entry != null) {
      remove(entry, Event.DISCARD, RemovalReason.DROPPED, nowMicros);
    } else {
      leaveBacklog(oldest, RemovalReason.DROPPED);
    }
    return true;
  }

  /// The positions to load next, ascending within a priority; the owner answers each with [#load]
  /// or [#lost].
  ///
  /// @param max how many at most
  public long[] wanted(int max) {
    return window.wanted(max);
  }

  /// A wanted message was read; ignored when it is gone meanwhile.
  public void load(Arrival arrival, long nowMicros) {
    if (backlog.take(arrival.position()) >= 0) {
      admit(arrival, nowMicros);
    }
  }

  /// A wanted message cannot be read any more.
  public void lost(long position) {
    leaveBacklog(position, RemovalReason.LOST);
  }

  private void leaveBacklog(long position, RemovalReason reason) {
    int level = backlog.take(position);
    if (level >= 0) {
      listener.removed(position, level, reason, backlog.takeDeliveries(position));
    }
  }

  private void admit(Arrival arrival, long nowMicros) {
    Entry entry = new Entry(arrival, level(arrival), DeliveryTable.State.PARKED);
    History history = backlog.takeHistory(arrival.position());
    if (history != null) {
      entry.deliveries = history.deliveries();
      entry.death = history.death();
      entry.dueMicros = Math.max(entry.dueMicros, history.dueMicros());
    }
    loaded.add(entry, nowMicros);
    window.spill(entry.level);
  }

  /// A consumer comes, or changes how many it may hold.
  ///
  /// @param prefetch 0 or more
  public void attach(long consumer, int prefetch) {
    Checks.range("prefetch", prefetch, 0, Integer.MAX_VALUE);
    consumers.put(consumer, prefetch);
  }

  /// A consumer leaves: what it holds counts as delivered, and may be handed out again at once.
  public void detach(long consumer, long nowMicros) {
    for (long position : consumers.remove(consumer)) {
      Entry entry = loaded.get(position);
      if (entry != null && entry.on(Event.NACK) == Action.GIVE_BACK) {
        giveBack(entry, Event.NACK, 0, nowMicros);
      }
    }
  }

  /// What is over is over: leases, waits and delays.
  public void tick(long nowMicros) {
    backlog.tick(nowMicros);
    for (Entry entry = loaded.over(nowMicros); entry != null; entry = loaded.over(nowMicros)) {
      if (entry.on(Event.DUE) == Action.ADMIT) {
        loaded.admit(entry, Event.DUE, nowMicros);
        window.spill(entry.level);
      } else {
        giveBack(
            entry, Event.LEASE_OVER, settings.retryMicros(entry.deliveries, random), nowMicros);
      }
    }
  }

  /// When [#tick] has something to do next, microseconds since 1970; `Long.MAX_VALUE` for never.
  public long nextTickMicros() {
    return Math.min(backlog.nextDueMicros(), loaded.nextTimerMicros());
  }

  /// Hands out the next message; null when nobody has room, nothing is ready, or what is next is
  /// not loaded ([#wanted]).
  public @Nullable Handout next(long nowMicros) {
    tick(nowMicros);
    if (window.isClogged()) {
      return null;
    }
    Entry entry = front(nowMicros);
    if (entry == null) {
      return null;
    }
    Long consumer = consumers.next();
    if (consumer == null) {
      return null;
    }
    long until = nowMicros + TimeUnit.MILLISECONDS.toMicros(settings.lease().toMillis());
    loaded.hold(entry, ++lastLease, consumer, until);
    consumers.holds(consumer, entry.position());
    return new Handout(
        consumer, entry.position(), entry.lease, entry.deliveries + 1, until, entry.death);
  }

  /// Whose turn it is; takes out what expired before its turn came.
  private @Nullable Entry front(long nowMicros) {
    for (int level = QueueSettings.LEVELS - 1; level >= 0; level--) {
      while (loaded.ready(level) > 0 || window.firstWaiting(level) < Long.MAX_VALUE) {
        Entry first = loaded.firstReady(level);
        if (first == null || window.mustLoad(level)) {
          return null;
        }
        if (!first.isExpired(nowMicros)) {
          return first;
        }
        remove(first, Event.DISCARD, RemovalReason.EXPIRED, nowMicros);
      }
    }
    return null;
  }

  /// The consumer is done with a message.
  ///
  /// @return false when the lease does not hold any more: the message is or will be another's
  public boolean ack(long position, long lease, long nowMicros) {
    return settle(position, lease, Event.ACK, RemovalReason.ACKED, nowMicros);
  }

  /// The message can never be handled: it is dead.
  ///
  /// @return false when the lease does not hold any more
  public boolean reject(long position, long lease, long nowMicros) {
    return settle(position, lease, Event.REJECT, RemovalReason.REJECTED, nowMicros);
  }

  private boolean settle(
      long position, long lease, Event event, RemovalReason reason, long nowMicros) {
    Entry entry = heldUnder(position, lease, nowMicros);
    if (entry == null || entry.on(event) != Action.REMOVE) {
      return false;
    }
    entry.deliveries++;
    consumers.lets(entry.consumer, position);
    remove(entry, event, reason, nowMicros);
    return true;
  }

  private @Nullable Entry heldUnder(long position, long lease, long nowMicros) {
    tick(nowMicros);
    Entry entry = loaded.get(position);
    return entry != null && entry.lease == lease ? entry : null;
  }

  /// The consumer gives a message back, to be handed out again after the queue's own wait.
  ///
  /// @return false when the lease does not hold any more
  public boolean nack(long position, long lease, long nowMicros) {
    Entry entry = heldUnder(position, lease, nowMicros);
    return entry != null
        && giveBack(entry, Event.NACK, settings.retryMicros(entry.deliveries, random), nowMicros);
  }

  /// The consumer gives a message back, to be handed out again after a time.
  ///
  /// @return false when the lease does not hold any more
  public boolean nack(long position, long lease, long delayMicros, long nowMicros) {
    Entry entry = heldUnder(position, lease, nowMicros);
    return entry != null && giveBack(entry, Event.NACK, delayMicros, nowMicros);
  }

  private boolean giveBack(Entry entry, Event event, long waitMicros, long nowMicros) {
    if (entry.on(event) != Action.GIVE_BACK) {
      return false;
    }
    consumers.lets(entry.consumer, entry.position());
    entry.lease = 0;
    entry.deliveries++;
    if (settings.maxDeliveries() > 0 && entry.deliveries >= settings.maxDeliveries()) {
      remove(entry, event, RemovalReason.EXHAUSTED, nowMicros);
      return true;
    }
    entry.dueMicros = nowMicros + waitMicros;
    listener.returned(entry.position(), entry.deliveries, entry.dueMicros);
    loaded.admit(entry, event, nowMicros);
    return true;
  }

  /// The consumer needs more time.
  ///
  /// @param untilMicros the lease's new end, microseconds since 1970
  /// @return false when the lease does not hold any more
  public boolean extend(long position, long lease, long untilMicros, long nowMicros) {
    Entry entry = heldUnder(position, lease, nowMicros);
    if (entry == null || entry.on(Event.EXTEND) != Action.RENEW) {
      return false;
    }
    loaded.renew(entry, untilMicros);
    return true;
  }

  private void remove(Entry entry, Event event, RemovalReason reason, long nowMicros) {
    loaded.remove(entry, event, nowMicros);
    listener.removed(entry.position(), entry.level, reason, entry.deliveries);
  }

  /// Takes out everything that nobody holds; the listener is not told.
  ///
  /// @return how many went
  public long purge(long nowMicros) {
    long before = length();
    backlog.clear();
    for (Entry entry : List.copyOf(loaded.all())) {
      if (entry.on(Event.DISCARD) == Action.REMOVE) {
        loaded.remove(entry, Event.DISCARD, nowMicros);
      }
    }
    return before - length();
  }

  /// Takes out a message that nobody holds, to give it to another queue; the listener is not told.
  ///
  /// @return false when it is not there, or held
  public boolean giveAway(long position, long nowMicros) {
    Entry entry = loaded.get(position);
    if (entry != null && entry.on(Event.DISCARD) == Action.REMOVE) {
      loaded.remove(entry, Event.DISCARD, nowMicros);
      return true;
    }
    boolean isThere = backlog.take(position) >= 0;
    if (isThere) {
      var _ = backlog.takeDeliveries(position);
    }
    return isThere;
  }
}
