package dev.weir.broker.direct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.queue.Arrival;
import dev.weir.broker.queue.Handout;
import dev.weir.broker.queue.PositionSet;
import dev.weir.broker.queue.QueueLimits;
import dev.weir.broker.queue.QueueListener;
import dev.weir.broker.queue.QueueMachine;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.broker.queue.QueueState;
import dev.weir.broker.queue.RemovalReason;
import dev.weir.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Random lives of a queue beside their journal: whatever snapshot a start begins with, the records
/// behind it and what the stream tells anew make up what the machine holds.
/// `-Dweir.queue.histories=N` runs N of them.
final class QueueJournalTest implements QueueListener {
  private static final int HISTORIES = Integer.getInteger("weir.queue.histories", 500);
  private static final int STEPS = 150;
  private static final int PARTITIONS = 2;
  private static final QueueSpec SPEC =
      QueueSpec.of("jobs")
          .withSettings(
              QueueSettings.defaults().withRetry(3, Duration.ofMillis(1), Duration.ofMillis(4)));

  private final RandomGenerator random = Seeds.random("QueueJournalTest");
  private QueueWriter writer = new QueueWriter();
  private QueueScan scan = new QueueScan(new long[PARTITIONS], new PositionSet());
  private QueueMachine machine = machine();
  private final List<Bytes> records = new ArrayList<>();

  /// By how many records stand before them.
  private final Map<Integer, Bytes> snapshots = new HashMap<>();

  private final List<Handout> held = new ArrayList<>();
  private long now = 1_000_000;

  private QueueMachine machine() {
    QueueLimits few = new QueueLimits(4, 16);
    return new QueueMachine(SPEC.settings(), few, new QueueState(), this, random, 1, 0);
  }

  @Override
  public void removed(long position, int level, RemovalReason reason, int deliveries) {
    writer.settled(1, position);
  }

  @Override
  public void returned(long position, int deliveries, long dueMicros) {
    writer.returned(1, position, deliveries, dueMicros);
  }

  private void begin() {
    writer = new QueueWriter();
    scan = new QueueScan(new long[PARTITIONS], new PositionSet());
    machine = machine();
    machine.attach(1, 6);
    records.clear();
    snapshots.clear();
    held.clear();
    now = 1_000_000;
    snapshots.put(0, new QueueWriter().content());
    writer.created(1, SPEC, scan);
  }

  /// What stands at a place is always the same.
  private static Arrival arrival(long place) {
    long due = place % 5 == 0 ? 1_000_000 + place * 40 : 0;
    return new Arrival(place, 0, (int) (place * 31 % 7 % 3), due, Long.MAX_VALUE);
  }

  private void step() {
    now += random.nextInt(50);
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> arrive(random.nextInt(PARTITIONS), 1 + random.nextInt(5));
      case 3, 4, 5 -> handOut();
      case 6, 7 -> settle();
      case 8 -> {
        QueueScan.News news = scan.takeNews();
        writer.arrived(1, news, machine.view().unsettledFrom(news.lowestPlace()));
      }
      case 9, 10 -> flush();
      default -> rarely();
    }
  }

  private void arrive(int partition, int count) {
    for (int i = 0; i < count; i++) {
      long place = scan.place(partition, scan.offset(partition));
      if (place % 3 != 0) { // others' messages stand between
        machine.enqueue(arrival(place), now);
      }
      scan.advance(partition, scan.offset(partition) + 1);
    }
  }

  private void handOut() {
    for (long place : machine.wanted(4)) {
      machine.load(arrival(place), now);
    }
    Handout next = machine.next(now);
    if (next != null) {
      held.add(next);
    }
  }

  private void settle() {
    if (held.isEmpty()) {
      return;
    }
    Handout one = held.remove(random.nextInt(held.size()));
    var _ =
        random.nextInt(3) == 0
            ? machine.nack(one.position(), one.lease(), now)
            : machine.ack(one.position(), one.lease(), now);
  }

  private void flush() {
    records.add(writer.content());
    writer = new QueueWriter();
  }

  private void rarely() {
    if (random.nextInt(8) == 0) {
      var _ = machine.purge(now);
      var _ = scan.takeNews();
      writer.state(new QueueRecord(1, SPEC, scan, machine.view().state()));
    } else {
      // What is not flushed yet stands behind a snapshot that has it already.
      QueueWriter snapshot = new QueueWriter();
      snapshot.state(new QueueRecord(1, SPEC, scan, machine.view().state()));
      snapshots.put(records.size(), snapshot.content());
    }
  }

  /// What a start makes of it.
  ///
  /// @param lost a record that is damaged; -1 for none
  private QueueState recovered(int from, int lost) {
    RecoveredQueues queues = new RecoveredQueues();
    QueueReader.read(Objects.requireNonNull(snapshots.get(from)), queues);
    for (int i = from; i < records.size(); i++) {
      if (i != lost) {
        QueueReader.read(records.get(i), queues);
      }
    }
    QueueRecord found = Objects.requireNonNull(queues.queues().get(1));
    for (int partition = 0; partition < PARTITIONS; partition++) {
      for (long at = found.scan().offset(partition); at < scan.offset(partition); at++) {
        long place = scan.place(partition, at);
        if (place % 3 != 0 && found.scan().meet(place)) {
          Arrival told = arrival(place);
          found.state().unsettled(told.priority()).add(place);
          if (told.dueMicros() > now) {
            found.state().delays().add(place, told.dueMicros());
          }
        }
      }
    }
    return found.state();
  }

  private static Set<Long> places(QueueState state, int level) {
    Set<Long> places = new TreeSet<>();
    state.unsettled(level).forEach(places::add);
    return places;
  }

  private static Map<Long, Long> delays(QueueState state, long after) {
    Map<Long, Long> delays = new HashMap<>();
    state
        .delays()
        .forEach((place, due) -> {
          boolean isThere = false;
          for (int level = 0; level < QueueSettings.LEVELS; level++) {
            isThere |= state.unsettled(level).contains(place);
          }
          if (isThere && due > after) {
            delays.put(place, due);
          }
        });
    return delays;
  }

  @Test
  void aStartKnowsWhatTheMachineHolds() {
    for (int history = 0; history < HISTORIES; history++) {
      begin();
      for (int i = 0; i < STEPS; i++) {
        step();
      }
      flush();
      QueueState expected = machine.view().state();

      for (int from : snapshots.keySet()) {
        QueueState found = recovered(from, -1);

        for (int level = 0; level < QueueSettings.LEVELS; level++) {
          assertThat(places(found, level)).isEqualTo(places(expected, level));
        }
        assertThat(found.histories()).isEqualTo(expected.histories());
        assertThat(delays(found, now)).isEqualTo(delays(expected, now));
      }
    }
  }

  @Test
  void nothingIsLostWithARecordThatIsDamaged() {
    for (int history = 0; history < HISTORIES; history++) {
      begin();
      flush();
      for (int i = 0; i < STEPS; i++) {
        step();
      }
      flush();
      QueueState expected = machine.view().state();

      QueueState found = recovered(0, 1 + random.nextInt(records.size() - 1));

      for (int level = 0; level < QueueSettings.LEVELS; level++) {
        assertThat(places(found, level)).containsAll(places(expected, level));
      }
    }
  }
}
