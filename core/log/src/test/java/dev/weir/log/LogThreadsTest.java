package dev.weir.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.testkit.Eventually;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real threads on a real disk: many appenders, many readers, segments that roll all the time.
final class LogThreadsTest {
  private static final int APPENDERS = 4;
  private static final int EACH = 1_500;
  @TempDir Path directory;

  private LogConfig config() {
    return LogConfig.of("threads", directory.resolve("log"))
        .withSegmentBytes(ByteSize.ofKibibytes(256))
        .withQueueBytes(ByteSize.ofKibibytes(128))
        .withTopics(Entries.TOPIC_IS_HEADER);
  }

  @Test
  void manyAppendersAndReadersSeeOneOrder() throws Exception {
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    try (Log log = Log.open(config(), new FileDisk(), Clock.SYSTEM, LogHooks.NONE)) {
      for (int appender = 0; appender < APPENDERS; appender++) {
        int lane = appender;
        threads.add(start(failures, () -> appendLane(log, lane)));
      }
      for (int reader = 0; reader < 3; reader++) {
        threads.add(start(failures, () -> readAll(log)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
      assertThat(log.durableOffset()).isEqualTo((long) APPENDERS * EACH);
      assertThat(log.stats().segments()).isGreaterThan(3);
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("weir-log-threads"));
  }

  private interface Work {
    void run() throws Exception;
  }

  private static Thread start(List<Throwable> failures, Work work) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            work.run();
          } catch (Exception | AssertionError e) {
            failures.add(e);
          }
        });
  }

  private static void appendLane(Log log, int lane) throws InterruptedException {
    AtomicLong last = new AtomicLong(-1);
    AtomicInteger durable = new AtomicInteger();
    Recorder recorder =
        new Recorder() {
          @Override
          public void durable(
              long baseOffset, long commitMicros, long queueMicros, long timestampMicros) {
            assertThat(baseOffset).isGreaterThan(last.getAndSet(baseOffset));
            durable.incrementAndGet();
          }
        };
    for (int i = 0; i < EACH; i++) {
      String body = String.format(Locale.ROOT, "%d %06d %s", lane, i, "#".repeat(i % 700));
      log.append(LogEntry.data(1, Bytes.utf8("lane" + lane), Bytes.utf8(body)), recorder);
    }
    Eventually.eventually("lane " + lane + " durable", () -> durable.get() == EACH);
  }

  private static void readAll(Log log) throws Exception {
    long[] next = new long[APPENDERS];
    long expected = 0;
    try (LogReader reader = log.reader(0)) {
      while (expected < (long) APPENDERS * EACH) {
        LogEvent event = reader.next();
        if (event == null) {
          long reached = expected;
          Eventually.eventually("more than " + reached, () -> log.durableOffset() > reached);
          continue;
        }
        LogEvent.Frame frame = (LogEvent.Frame) event;
        assertThat(frame.baseOffset()).isEqualTo(expected++);
        assertThat(frame.baseOffset()).isLessThan(log.durableOffset());
        String[] parts = frame.payload().utf8().split(" ", -1);
        int lane = Integer.parseInt(parts[0]);
        assertThat(Long.parseLong(parts[1])).isEqualTo(next[lane]++);
      }
    }
  }

  @Test
  void aReaderFollowsRetentionWithAGapAndNothingElse() throws Exception {
    Retention small =
        new Retention(ByteSize.ofKibibytes(700), Retention.FOREVER.age(), new ByteSize(0), false);
    try (Log log =
            Log.open(config().withRetention(small), new FileDisk(), Clock.SYSTEM, LogHooks.NONE);
        LogReader slow = log.reader(0)) {
      Recorder recorder = new Recorder();
      for (int i = 0; i < 300; i++) {
        log.append(Entries.sized(20_000), recorder);
      }
      Eventually.eventually("all durable", () -> log.durableOffset() == 300);
      Eventually.eventually("trimmed", () -> log.firstOffset() > 200);

      long expected = 0;
      for (LogEvent event = slow.next(); event != null; event = slow.next()) {
        switch (event) {
          case LogEvent.Gap gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.RETENTION);
            assertThat(gap.fromOffset()).isEqualTo(expected);
            expected = gap.toOffset();
          }
          case LogEvent.Frame frame -> assertThat(frame.baseOffset()).isEqualTo(expected++);
        }
      }
      assertThat(expected).isEqualTo(300);
    }
  }
}
