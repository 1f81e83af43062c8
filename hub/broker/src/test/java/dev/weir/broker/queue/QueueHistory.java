package dev.weir.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// One random life of a queue, told to the machine and to the model; they must agree at each step.
final class QueueHistory implements QueueListener {
  private static final long START_MICROS = 1_000_000_000L;

  private final RandomGenerator random;
  private final ModelQueue model;
  private final QueueSettings settings;
  private final QueueLimits limits;

  /// What stands in the log.
  private final Map<Long, Arrival> log = new HashMap<>();

  /// What the listener heard and nobody has looked at.
  private final ArrayDeque<ModelQueue.Expected> heard = new ArrayDeque<>();

  private QueueMachine machine;
  private long now = START_MICROS;
  private long nextPosition;
  private long nextConsumer = 1;
  private int steps;

  QueueHistory(RandomGenerator random) {
    this.random = random;
    this.settings = randomSettings();
    this.limits = new QueueLimits(1 + random.nextInt(8), 1 << 20);
    this.model = new ModelQueue(settings);
    this.machine = machine(new QueueState());
  }

  private QueueSettings randomSettings() {
    long base = random.nextInt(3) * 5L;
    return new QueueSettings(
        random.nextBoolean() ? Ordering.KEY : Ordering.PRIORITY,
        random.nextInt(4) == 0,
        Duration.ofMillis(10 + random.nextInt(50)),
        random.nextInt(4),
        Duration.ofMillis(base),
        Duration.ofMillis(base * 8),
        Duration.ZERO,
        random.nextInt(3) == 0 ? 1 + random.nextInt(12) : 0,
        random.nextBoolean() ? Overflow.REJECT : Overflow.DROP_OLDEST);
  }

  private QueueMachine machine(QueueState state) {
    return new QueueMachine(settings, limits, state, this, random, now, now);
  }

  /// Lives for a number of steps, then is drained.
  ///
  /// @return steps done
  int run(int count) {
    while (steps < count) {
      step();
      check();
      steps++;
    }
    drain();
    return steps;
  }

  private void step() {
    int dice = random.nextInt(100);
    if (dice < 30) {
      enqueue();
    } else if (dice < 55) {
      next();
    } else if (dice < 75) {
      settleSomething();
    } else if (dice < 88) {
      advance(random.nextInt(30_000));
    } else if (dice < 93) {
      attach();
    } else if (dice < 95) {
      detach();
    } else if (dice < 97) {
      restart();
    } else if (dice < 98) {
      assertThat(machine.purge(now))
          .isEqualTo(model.items.values().stream().filter(item -> !item.isHeld).count());
      model.purge();
    } else {
      giveAway();
    }
  }

  private void enqueue() {
    nextPosition += 1 + (random.nextInt(5) == 0 ? random.nextInt(100_000) : random.nextInt(3));
    long due = random.nextInt(4) == 0 ? now + random.nextInt(40_000) : 0;
    long expires = random.nextInt(4) == 0 ? now + random.nextInt(60_000) : Long.MAX_VALUE;
    Arrival arrival =
        new Arrival(nextPosition, random.nextInt(4), random.nextInt(10), due, expires);
    log.put(nextPosition, arrival);
    model.enqueue(arrival);
    machine.enqueue(arrival, now);
    drops();
  }

  /// What a queue that is too long lets go: exactly the oldest, or in a queue by key, where the
  /// model cannot tell whether what is behind its key is loaded, any that nobody holds.
  private void drops() {
    if (!model.isKeyed()) {
      for (Optional<ModelQueue.Item> oldest = model.toDrop(now);
          oldest.isPresent();
          oldest = model.toDrop(now)) {
        model.removed(oldest.get(), RemovalReason.DROPPED);
      }
      return;
    }
    for (ModelQueue.Expected drop : heard) {
      ModelQueue.Item item = model.item(drop.position());
      assertThat(model.items.size()).isGreaterThan((int) settings.maxLength());
      assertThat(item.isHeld).isFalse();
      model.removed(item, RemovalReason.DROPPED);
    }
  }

  private void loadWanted() {
    for (long[] wanted = machine.wanted(3); wanted.length > 0; wanted = machine.wanted(3)) {
      for (long position : wanted) {
        if (random.nextInt(200) == 0) {
          machine.lost(position);
          model.removed(model.item(position), RemovalReason.LOST);
        } else {
          machine.load(Objects.requireNonNull(log.get(position)), now);
        }
      }
    }
  }

  /// @return whether there was one
  private boolean next() {
    loadWanted();
    Handout handout = machine.next(now);
    while (handout == null && machine.wanted(1).length > 0) {
      loadWanted(); // what expired made room
      handout = machine.next(now);
    }
    Optional<ModelQueue.Item> front = model.front(now);
    List<Long> allowed = model.withRoom();
    if (front.isEmpty() || allowed.isEmpty()) {
      assertThat(handout).isNull();
      return false;
    }
    ModelQueue.Item item = front.get();
    give(Objects.requireNonNull(handout, "nothing is handed out"), item, allowed);
    return true;
  }

  private void give(Handout handout, ModelQueue.Item item, List<Long> allowed) {
    assertThat(handout.position()).isEqualTo(item.position());
    assertThat(allowed).contains(handout.consumer());
    assertThat(handout.delivery()).isEqualTo(item.deliveries + 1);
    item.isHeld = true;
    item.lease = handout.lease();
    item.consumer = handout.consumer();
    item.untilMicros = now + settings.lease().toMillis() * 1_000;
    assertThat(handout.untilMicros()).isEqualTo(item.untilMicros);
  }

  private void settleSomething() {
    List<ModelQueue.Item> held = model.items.values().stream().filter(item -> item.isHeld).toList();
    if (held.isEmpty()) {
      return;
    }
    ModelQueue.Item item = held.get(random.nextInt(held.size()));
    boolean isStale = random.nextInt(8) == 0;
    long lease = isStale ? item.lease - 1 - random.nextInt(3) : item.lease;
    assertThat(settle(item, lease, isStale)).isEqualTo(!isStale);
  }

  private boolean settle(ModelQueue.Item item, long lease, boolean isStale) {
    long position = item.position();
    return switch (random.nextInt(6)) {
      case 0, 1 -> {
        boolean isDone = machine.ack(position, lease, now);
        end(item, RemovalReason.ACKED, isStale);
        yield isDone;
      }
      case 2 -> {
        boolean isDone = machine.reject(position, lease, now);
        end(item, RemovalReason.REJECTED, isStale);
        yield isDone;
      }
      case 3 -> {
        boolean isDone = machine.nack(position, lease, now);
        if (!isStale) {
          model.returned(item, now, model.retryCeiling(item) / 2, model.retryCeiling(item));
        }
        yield isDone;
      }
      case 4 -> {
        long wait = random.nextInt(20_000);
        boolean isDone = machine.nack(position, lease, wait, now);
        if (!isStale) {
          model.returned(item, now, wait, wait);
        }
        yield isDone;
      }
      default -> {
        long until = now + 1 + random.nextInt(60_000);
        item.untilMicros = isStale ? item.untilMicros : until;
        yield machine.extend(position, lease, until, now);
      }
    };
  }

  private void end(ModelQueue.Item item, RemovalReason reason, boolean isStale) {
    if (!isStale) {
      item.deliveries++;
      model.removed(item, reason);
    }
  }

  private void advance(long micros) {
    now += micros;
    machine.tick(now);
    model.tick(now);
    assertThat(machine.nextTickMicros()).isGreaterThan(now);
  }

  private void attach() {
    int prefetch = random.nextInt(5);
    List<Long> known = List.copyOf(model.consumers.keySet());
    boolean isNew = known.isEmpty() || (known.size() < 4 && random.nextBoolean());
    long consumer = isNew ? nextConsumer++ : known.get(random.nextInt(known.size()));
    machine.attach(consumer, prefetch);
    model.consumers.put(consumer, prefetch);
  }

  private void detach() {
    List<Long> known = List.copyOf(model.consumers.keySet());
    if (!known.isEmpty()) {
      long consumer = known.get(random.nextInt(known.size()));
      machine.detach(consumer, now);
      model.detach(consumer, now);
    }
  }

  private void restart() {
    machine = machine(machine.view().state());
    model.restart();
  }

  private void giveAway() {
    List<Long> peeked = machine.view().peek(3).stream().map(QueueView.Place::position).toList();
    assertThat(peeked).hasSizeLessThanOrEqualTo(3).doesNotHaveDuplicates();
    for (long position : peeked) {
      assertThat(model.item(position).isHeld).isFalse();
    }
    if (!peeked.isEmpty()) {
      assertThat(machine.giveAway(peeked.getFirst(), now)).isTrue();
      model.items.remove(peeked.getFirst());
    }
  }

  /// In the end everything comes out: nothing is stuck.
  private void drain() {
    model.consumers.put(nextConsumer, 1_000);
    machine.attach(nextConsumer, 1_000);
    if (settings.isSingleActive()) {
      for (long other : List.copyOf(model.consumers.keySet())) {
        if (other != nextConsumer) {
          machine.detach(other, now);
          model.detach(other, now);
        }
      }
    }
    check();
    for (int turn = 0; turn < 2_000 && !model.items.isEmpty(); turn++) {
      while (next()) {
        check();
      }
      for (ModelQueue.Item item : List.copyOf(model.items.values())) {
        if (item.isHeld) {
          assertThat(machine.ack(item.position(), item.lease, now)).isTrue();
          end(item, RemovalReason.ACKED, false);
        }
      }
      advance(10_000);
      check();
    }
    assertThat(model.items).isEmpty();
    assertThat(machine.length()).isZero();
  }

  private void check() {
    assertThat(heard).hasSameSizeAs(model.expected);
    List<ModelQueue.Expected> all = inOrder(heard);
    heard.clear();
    for (ModelQueue.Expected expected : inOrder(model.expected)) {
      ModelQueue.Expected told = all.removeFirst();
      assertThat(told.position())
          .as("%s heard, expected %s; %s", told, expected, settings)
          .isEqualTo(expected.position());
      assertThat(told.reason()).isEqualTo(expected.reason());
      assertThat(told.deliveries()).isEqualTo(expected.deliveries());
      if (expected.reason().isEmpty()) {
        assertThat(told.minDueMicros()).isBetween(expected.minDueMicros(), expected.maxDueMicros());
        model.item(told.position()).dueMicros = told.minDueMicros();
      }
    }
    model.expected.clear();
    assertThat(machine.length()).isEqualTo(model.items.size());
    assertThat(machine.view().figures().held())
        .isEqualTo((int) model.items.values().stream().filter(item -> item.isHeld).count());
  }

  /// A message has one event a step; in which order those of several come is nobody's business.
  private static List<ModelQueue.Expected> inOrder(Collection<ModelQueue.Expected> events) {
    List<ModelQueue.Expected> sorted = new ArrayList<>(events);
    sorted.sort(Comparator.comparingLong(ModelQueue.Expected::position));
    return sorted;
  }

  @Override
  public void removed(long position, int level, RemovalReason reason, int deliveries) {
    heard.add(new ModelQueue.Expected(position, Optional.of(reason), deliveries, 0, 0));
  }

  @Override
  public void returned(long position, int deliveries, long dueMicros) {
    heard.add(
        new ModelQueue.Expected(position, Optional.empty(), deliveries, dueMicros, dueMicros));
  }
}
