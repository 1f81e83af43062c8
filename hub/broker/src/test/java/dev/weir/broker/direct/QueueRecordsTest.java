package dev.weir.broker.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.queue.Death;
import dev.weir.broker.queue.History;
import dev.weir.broker.queue.Ordering;
import dev.weir.broker.queue.Overflow;
import dev.weir.broker.queue.PositionSet;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.broker.queue.QueueState;
import dev.weir.broker.queue.RemovalReason;
import dev.weir.testkit.Seeds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class QueueRecordsTest {
  private static final QueueSpec SPEC =
      QueueSpec.of("jobs")
          .withFilters("a/+", "b/#")
          .withDeadLetter("dead")
          .withSettings(
              new QueueSettings(
                  Ordering.KEY,
                  true,
                  Duration.ofSeconds(7),
                  3,
                  Duration.ofMillis(20),
                  Duration.ofSeconds(9),
                  Duration.ofHours(1),
                  1_234,
                  Overflow.DROP_OLDEST));

  private final RandomGenerator random = Seeds.random("QueueRecordsTest");

  private static RecoveredQueues read(Bytes content) {
    RecoveredQueues queues = new RecoveredQueues();
    QueueReader.read(content, queues);
    return queues;
  }

  private static QueueRecord queue(RecoveredQueues queues, int id) {
    return Objects.requireNonNull(queues.queues().get(id));
  }

  private static List<Long> all(PositionSet set) {
    List<Long> found = new ArrayList<>();
    set.forEach(found::add);
    return found;
  }

  @Test
  void aStateComesBackAsItWas() {
    QueueState state = new QueueState();
    for (int i = 0; i < 3_000; i++) {
      state.unsettled(random.nextInt(10)).add(random.nextInt(100_000));
    }
    for (long place = 200_000; place < 210_000; place++) {
      state.unsettled(4).add(place);
    }
    state.delays().add(200_001, 77);
    state.histories().put(200_002L, new History(2, 99, null));
    state
        .histories()
        .put(200_003L, new History(0, 0, new Death(9, RemovalReason.EXHAUSTED, 10, 55)));
    PositionSet ahead = new PositionSet();
    ahead.add(1_000_000);
    QueueWriter writer = new QueueWriter();
    writer.state(new QueueRecord(5, SPEC, new QueueScan(new long[] {300_000, 7}, ahead), state));

    RecoveredQueues queues = read(writer.content());

    QueueRecord found = queue(queues, 5);
    assertThat(queues.lastId()).isEqualTo(5);
    assertThat(found.spec()).isEqualTo(SPEC);
    assertThat(found.scan().offset(0)).isEqualTo(300_000);
    assertThat(found.scan().offset(1)).isEqualTo(7);
    assertThat(all(found.scan().settledAhead())).containsExactly(1_000_000L);
    for (int level = 0; level < QueueSettings.LEVELS; level++) {
      assertThat(all(found.state().unsettled(level))).isEqualTo(all(state.unsettled(level)));
    }
    assertThat(found.state().histories()).isEqualTo(state.histories());
    found.state().delays().forEach((place, due) -> assertThat(place + due).isEqualTo(200_078));
    assertThat(found.state().delays().size()).isEqualTo(1);
  }

  @Test
  void operationsMayBeInTheStateAlready() {
    QueueWriter writer = new QueueWriter();
    writer.created(1, SPEC, new QueueScan(new long[] {10}, new PositionSet()));
    writer.created(2, QueueSpec.of("dead"), new QueueScan(new long[] {10}, new PositionSet()));
    writer.returned(1, 12, 3, 500);
    writer.settled(1, 11);
    writer.moved(1, 2, 12, 4, new Death(1, RemovalReason.REJECTED, 3, 600));
    writer.moved(1, 2, 13, 4, null);
    writer.settled(2, 13);
    RecoveredQueues queues = read(writer.content());

    QueueReader.read(writer.content(), queues); // once more

    assertThat(all(queue(queues, 1).scan().settledAhead())).containsExactly(11L, 12L, 13L);
    assertThat(queue(queues, 1).state().size()).isZero();
    assertThat(all(queue(queues, 2).state().unsettled(4))).containsExactly(12L);
    assertThat(queue(queues, 2).state().histories()).containsOnlyKeys(12L);
  }

  @Test
  void whatIsSettledStandsSortedAndFewBytesEach() {
    QueueWriter writer = new QueueWriter();
    writer.created(1, SPEC, new QueueScan(new long[] {5}, new PositionSet()));
    writer.created(2, SPEC, new QueueScan(new long[] {5}, new PositionSet()));
    int before = writer.content().length();
    for (long place = 2_000; place >= 1_000; place--) {
      writer.settled(1, place);
    }
    writer.settled(1, 1_500); // told twice
    writer.settled(2, 7);
    writer.settled(1, 3_000);

    RecoveredQueues queues = read(writer.content());

    assertThat(queue(queues, 1).scan().settledAhead().size()).isEqualTo(1_002);
    assertThat(queue(queues, 1).scan().settledAhead().first()).isEqualTo(1_000);
    assertThat(queue(queues, 1).scan().settledAhead().contains(3_000)).isTrue();
    assertThat(all(queue(queues, 2).scan().settledAhead())).containsExactly(7L);
    assertThat(writer.content().length() - before).isLessThan(60);
  }

  @Test
  void readsWhatAnEarlierVersionWrote() {
    QueueWriter writer = new QueueWriter();
    writer.created(1, SPEC, new QueueScan(new long[] {5}, new PositionSet()));
    byte[] created = writer.content().toArray();
    byte[] content = Arrays.copyOf(created, created.length + 13);
    content[0] = 1;
    ByteBuffer.wrap(content, created.length, 13)
        .put((byte) QueueWriter.SETTLED)
        .putInt(1)
        .putLong(9);

    RecoveredQueues queues = read(Bytes.wrap(content));

    assertThat(all(queue(queues, 1).scan().settledAhead())).containsExactly(9L);
  }

  /// A queue over a stream of two partitions, as its journal tells of it.
  private static QueueWriter journal(QueueScan scan) {
    QueueWriter writer = new QueueWriter();
    writer.created(1, SPEC, scan);
    return writer;
  }

  private static QueueState state(long... places) {
    QueueState state = new QueueState();
    for (long place : places) {
      state.unsettled(4).add(place);
    }
    return state;
  }

  @Test
  void whatArrivedIsKnownWithoutTheStream() {
    QueueScan scan = new QueueScan(new long[] {10, 3}, new PositionSet());
    QueueWriter writer = journal(scan);
    writer.settled(1, scan.place(0, 11)); // before it was written that it came
    scan.advance(0, 20);
    QueueState arrived = state(scan.place(0, 12), scan.place(0, 15));
    arrived.delays().add(scan.place(0, 15), 77);
    writer.arrived(1, scan.takeNews(), arrived);
    writer.settled(1, scan.place(0, 12));
    scan.advance(1, 5);
    writer.arrived(1, scan.takeNews(), state(scan.place(1, 4)));
    RecoveredQueues queues = read(writer.content());

    QueueReader.read(writer.content(), queues); // once more

    QueueRecord found = queue(queues, 1);
    assertThat(all(found.state().unsettled(4)))
        .containsExactly(scan.place(1, 4), scan.place(0, 15));
    assertThat(found.scan().offset(0)).isEqualTo(20);
    assertThat(found.scan().offset(1)).isEqualTo(5);
    assertThat(found.state().delays().size()).isPositive();
  }

  @Test
  void withAGapBetweenTheStreamIsLookedAtAgain() {
    QueueScan scan = new QueueScan(new long[] {10, 3}, new PositionSet());
    QueueWriter writer = journal(scan);
    scan.advance(0, 20);
    var _ = scan.takeNews(); // a record that was lost
    scan.advance(0, 30);
    writer.arrived(1, scan.takeNews(), state(scan.place(0, 25)));
    writer.settled(1, scan.place(0, 25));

    QueueRecord found = queue(read(writer.content()), 1);

    assertThat(found.scan().offset(0)).isEqualTo(10);
    assertThat(found.state().size()).isZero();
    assertThat(found.scan().meet(scan.place(0, 25))).isFalse();
  }

  @Test
  void refusesWhatIsCutOffOrOfAnotherVersion() {
    QueueWriter writer = new QueueWriter();
    QueueState state = new QueueState();
    state.unsettled(0).add(3);
    state.histories().put(3L, new History(1, 2, new Death(1, RemovalReason.DROPPED, 1, 2)));
    writer.state(
        new QueueRecord(1, SPEC, new QueueScan(new long[] {10}, new PositionSet()), state));
    Bytes content = writer.content();

    for (int length = 2; length < content.length(); length++) {
      Bytes cut = content.slice(0, length);
      assertThatThrownBy(() -> read(cut))
          .isInstanceOfSatisfying(
              WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_DAMAGED));
    }
    assertThatThrownBy(() -> read(Bytes.wrap(new byte[] {3})))
        .isInstanceOfSatisfying(
            WeirException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION));
    assertThatThrownBy(() -> read(Bytes.wrap(new byte[] {1, 77, 0, 0, 0, 1})))
        .hasMessageContaining("operation 77");
  }
}
