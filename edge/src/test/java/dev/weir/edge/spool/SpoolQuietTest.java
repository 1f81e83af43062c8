package dev.weir.edge.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.disk.Disk;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Encoding;
import dev.weir.message.Message;
import dev.weir.testkit.ManualClock;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How often the spool's duty wakes, on a clock that goes on while threads sleep.
final class SpoolQuietTest {
  private static final long TICK_NANOS = Duration.ofMillis(100).toNanos();

  private final ManualClock time = new ManualClock();
  private final Disk disk = new SimDisk();
  private Spool spool;

  /// Steps as the test says, and lets threads sleep as a machine's clock does.
  private record SleepersClock(ManualClock time) implements Clock {
    @Override
    public long nanoTime() {
      return time.nanoTime();
    }

    @Override
    public long epochMicros() {
      return time.epochMicros();
    }

    @Override
    public long maxSleepNanos() {
      return Long.MAX_VALUE;
    }
  }

  @BeforeEach
  void open() throws IOException {
    SpoolConfig config = SpoolRig.config(Path.of("/edge"));
    SplittableRandom random = new SplittableRandom(7);
    spool = Spool.openStepped(config, SpoolRig.AGENT, disk, new SleepersClock(time), random);
  }

  @AfterEach
  void close() {
    spool.close();
  }

  @Test
  void wakesOnceASecondWhileNothingChanges() {
    assertThat(wakesInAMinute()).isBetween(59, 62);
  }

  @Test
  void ticksWhileAFrameIsOnItsWayToTheDiskAndUntilTheCursorIsStored() {
    spool.step();
    offer("one");

    assertThat(spool.dutyIdleNanos()).isEqualTo(TICK_NANOS);
    spool.step();

    assertThat(wakesInAMinute()).isLessThan(75);
  }

  @Test
  void neverSleepsBeyondTheNextSecond() {
    spool.step();
    time.advanceMillis(999);

    assertThat(spool.dutyIdleNanos()).isEqualTo(1_000_000L);
  }

  private int wakesInAMinute() {
    long endNanos = time.nanoTime() + Duration.ofMinutes(1).toNanos();
    int wakes = 0;
    while (time.nanoTime() < endNanos) {
      spool.step();
      time.advanceNanos(Math.max(1, spool.dutyIdleNanos()));
      wakes++;
    }
    return wakes;
  }

  private void offer(String body) {
    BatchBuilder builder = new BatchBuilder(1 << 20);
    builder.add(Message.of("a/b", body));
    FrameListener unheard =
        new FrameListener() {
          @Override
          public void durable() {}

          @Override
          public void failed(dev.weir.base.WeirException cause) {}
        };
    assertThat(
            spool.offer(
                new SpoolFrame(
                    Optional.of(builder.build(Encoding.plain(1), Bytes.EMPTY)),
                    Map.of(),
                    false,
                    unheard)))
        .isTrue();
  }
}
