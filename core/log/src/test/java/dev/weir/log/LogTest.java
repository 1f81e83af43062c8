package dev.weir.log;

import static dev.weir.log.Entries.bodies;
import static dev.weir.log.Entries.drain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogTest {
  @TempDir Path directory;
  private final FileDisk disk = new FileDisk();
  private final ManualClock clock = new ManualClock();
  private final Recorder recorder = new Recorder();
  private LogConfig config = LogConfig.of("test", Path.of("unused"));

  @BeforeEach
  void useTheTemporaryDirectory() {
    config =
        LogConfig.of("test", directory.resolve("log"))
            .withSegmentBytes(ByteSize.ofKibibytes(64))
            .withTopics(Entries.TOPIC_IS_HEADER);
  }

  private Log open() throws IOException {
    return Log.openStepped(config, disk, clock, LogHooks.NONE);
  }

  private void append(Log log, String topic, String body) {
    assertThat(log.offer(Entries.of(topic, body), recorder)).isTrue();
    drain(log);
  }

  @Test
  void tellsAppendsDurableInOrderAndReadsThemBack() throws IOException {
    try (Log log = open()) {
      assertThat(log.offer(Entries.of("a", "one"), recorder)).isTrue();
      assertThat(log.offer(LogEntry.data(3, Bytes.EMPTY, Bytes.utf8("three")), recorder)).isTrue();
      assertThat(log.offer(Entries.of("a", "four"), recorder)).isTrue();
      assertThat(recorder.offsets).isEmpty();
      drain(log);

      assertThat(recorder.offsets).containsExactly(0L, 1L, 4L);
      assertThat(log.durableOffset()).isEqualTo(5);
      assertThat(bodies(log.reader(0))).containsExactly("one", "three", "four");
      assertThat(bodies(log.reader(2))).containsExactly("three", "four");
      assertThat(bodies(log.reader(log.offsetFromEnd(1)))).containsExactly("four");
      assertThat(log.stats().commits()).isEqualTo(1);
    }
  }

  @Test
  void keepsEverythingOverCloseAndOpen() throws IOException {
    for (int round = 0; round < 3; round++) {
      try (Log log = open()) {
        append(log, "a", "round " + round);
      }
    }

    try (Log log = open()) {
      assertThat(log.recovery().wasClean()).isTrue();
      assertThat(bodies(log.reader(0))).containsExactly("round 0", "round 1", "round 2");
      assertThat(log.durableOffset()).isEqualTo(3);
    }
  }

  @Test
  void rollsToNewSegmentsAndReadsAcrossThem() throws IOException {
    List<String> expected = new ArrayList<>();
    try (Log log = open()) {
      for (int i = 0; i < 40; i++) {
        String body = i + " " + "x".repeat(10_000);
        expected.add(body);
        append(log, "a", body);
      }

      assertThat(log.stats().segments()).isGreaterThan(5);
      assertThat(bodies(log.reader(0))).isEqualTo(expected);
    }
    try (Log log = open()) {
      assertThat(bodies(log.reader(0))).isEqualTo(expected);
      assertThat(bodies(log.reader(33))).isEqualTo(expected.subList(33, 40));
    }
  }

  @Test
  void takesAnotherRetentionWhileItIsOpen() throws IOException {
    try (Log log = open()) {
      for (int i = 0; i < 40; i++) {
        append(log, "a", i + " " + "x".repeat(10_000));
      }
      assertThat(log.firstOffset()).isZero();

      log.setRetention(
          new Retention(
              ByteSize.ofKibibytes(192), Retention.FOREVER.age(), new ByteSize(0), false));
      drain(log);

      assertThat(log.firstOffset()).isBetween(20L, 35L);
    }
  }

  @Test
  void aReaderThatWaitsAtTheEndSeesWhatComes() throws IOException {
    try (Log log = open();
        LogReader reader = log.reader(0)) {
      assertThat(reader.next()).isNull();
      for (int i = 0; i < 30; i++) {
        append(log, "a", i + "y".repeat(5_000));
        assertThat(bodies(reader)).containsExactly(i + "y".repeat(5_000));
        assertThat(reader.position()).isEqualTo(i + 1);
      }
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void readsByTopicAcrossSegments() throws IOException {
    try (Log log = open()) {
      for (int i = 0; i < 50; i++) {
        append(log, i == 2 || i == 33 ? "rare" : "common", i + " " + "z".repeat(4_000));
      }
    }

    try (Log log = open()) {
      assertThat(bodies(log.reader(0, topic -> topic.equals("rare"))))
          .extracting(body -> body.substring(0, 2).strip())
          .containsExactly("2", "33");
      assertThat(bodies(log.reader(3, topic -> topic.equals("rare")))).hasSize(1);
      assertThat(bodies(log.reader(0, topic -> topic.equals("none")))).isEmpty();
    }
  }

  @Test
  void findsOffsetsByTime() throws IOException {
    try (Log log = open()) {
      long start = clock.epochMicros();
      for (int i = 0; i < 40; i++) {
        append(log, "a", i + "z".repeat(4_000));
        clock.advance(Duration.ofSeconds(1));
      }

      for (int i : new int[] {0, 1, 17, 39}) {
        assertThat(log.offsetAtTime(start + i * 1_000_000L)).isEqualTo(i);
        assertThat(log.offsetAtTime(start + i * 1_000_000L - 1)).isEqualTo(i);
      }
      assertThat(log.offsetAtTime(start + 40_000_000L)).isEqualTo(40);
      assertThat(log.offsetAtTime(0)).isZero();
    }
  }

  @Test
  void writesTheOwnersStateAtTheStartOfEachSegment() throws IOException {
    LogHooks hooks = () -> Bytes.utf8("state after " + recorder.offsets.size());
    try (Log log = Log.openStepped(config, disk, clock, hooks)) {
      assertThat(log.snapshot()).isEmpty();
      for (int i = 0; i < 10; i++) {
        append(log, "a", i + "z".repeat(15_000));
      }
    }

    try (Log log = open()) {
      LogSnapshot snapshot = log.snapshot().orElseThrow();
      assertThat(snapshot.offset()).isBetween(7L, 9L);
      assertThat(snapshot.payload().utf8()).isEqualTo("state after " + snapshot.offset());
      assertThat(bodies(log.recoveryReader())).hasSize((int) (10 - snapshot.offset()));
    }
  }

  @Test
  void aStateThatIsLargerThanASegmentIsNotWrittenWithEachGroup() throws IOException {
    Bytes state = Bytes.wrap(new byte[100_000]);
    try (Log log = Log.openStepped(config, disk, clock, () -> state)) {
      for (int i = 0; i < 150; i++) {
        append(log, "a", i + "z".repeat(1_000));
      }
      assertThat(log.stats().segments()).isBetween(2, 3);
    }

    try (Log log = open()) {
      assertThat(log.recovery().wasClean()).isTrue();
      assertThat(bodies(log.reader(0))).hasSize(150);
      assertThat(log.snapshot().orElseThrow().payload()).isEqualTo(state);
    }
  }

  @Test
  void refusesOffersWhenTheQueueIsFullAndTellsOfRoom() throws IOException {
    config = config.withQueueBytes(ByteSize.ofKibibytes(8));
    List<String> told = new ArrayList<>();
    LogHooks hooks =
        new LogHooks() {
          @Override
          public Bytes snapshot() {
            return Bytes.EMPTY;
          }

          @Override
          public void room() {
            told.add("room");
          }
        };
    try (Log log = Log.openStepped(config, disk, clock, hooks)) {
      assertThat(log.offer(Entries.sized(5_000), recorder)).isTrue();
      assertThat(log.offer(Entries.sized(5_000), recorder)).isFalse();
      drain(log);
      assertThat(told).containsExactly("room");
      assertThat(log.offer(Entries.sized(5_000), recorder)).isTrue();
      drain(log);
      assertThat(told).hasSize(1);
      assertThat(recorder.offsets).containsExactly(0L, 1L);
    }
  }

  @Test
  void anOwnerThatCannotGiveItsStatePoisonsTheLogUntilItCan() throws Exception {
    AtomicBoolean isBroken = new AtomicBoolean(true);
    LogHooks hooks =
        () -> {
          if (isBroken.get()) {
            throw new IllegalStateException("no state");
          }
          return Bytes.EMPTY;
        };
    try (Log log = Log.open(config, disk, Clock.SYSTEM, hooks)) {
      log.append(Entries.of("a", "one"), recorder);
      Eventually.eventually("failed", () -> recorder.failures.size() == 1);
      assertThat(log.condition()).isEqualTo(LogCondition.POISONED);

      isBroken.set(false);
      Eventually.eventually("recovered", () -> log.condition() == LogCondition.OPEN);
      log.append(Entries.of("a", "two"), recorder);
      Eventually.eventually("durable", () -> recorder.offsets.equals(List.of(0L)));
      assertThat(bodies(log.reader(0))).containsExactly("two");
    }
  }

  @Test
  void locksItsDirectory() throws IOException {
    try (Log log = open()) {
      assertThat(log.durableOffset()).isZero();
      assertThatThrownBy(this::open)
          .isInstanceOf(WeirException.class)
          .hasMessageContaining("used by another process");
    }
    open().close();
  }

  @Test
  void refusesAnEntryAboveTheLimit() throws IOException {
    config = config.withMaxFrameBytes(ByteSize.ofKibibytes(1));
    try (Log log = open()) {
      assertThatThrownBy(() -> log.offer(Entries.sized(2_000), recorder))
          .isInstanceOf(WeirException.class)
          .hasMessageContaining("2001");
    }
  }

  @Test
  void runsOnItsOwnThreads() throws Exception {
    try (Log log = Log.open(config, disk, Clock.SYSTEM, LogHooks.NONE)) {
      for (int i = 0; i < 200; i++) {
        log.append(Entries.of("a", "body " + i), recorder);
      }
      Eventually.eventually("all durable", () -> recorder.offsets.size() == 200);
      assertThat(log.durableOffset()).isEqualTo(200);
      log.append(Entries.of("a", "last"), recorder);
    }
    assertThat(recorder.offsets).hasSize(201);
    try (Log log = open()) {
      assertThat(bodies(log.reader(0))).hasSize(201).endsWith("last");
    }
  }
}
