package dev.weir.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.testkit.Seeds;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// When packets come out of the model of one direction.
final class LineTest {
  private static final long START = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;

  @Test
  void delaysEveryPacketAndKeepsTheirOrder() {
    Line line = line(LineSettings.OPEN.withDelay(Duration.ofMillis(5)));

    assertThat(line.schedule(1000, START)).isEqualTo(START + 5 * MILLI);
    assertThat(line.schedule(1000, START + 1)).isEqualTo(START + 5 * MILLI + 1);
  }

  @Test
  void keepsOrderWhenTheDelayShrinks() {
    Line line = line(LineSettings.OPEN.withDelay(Duration.ofMillis(50)));
    long first = line.schedule(1000, START);

    line.change(LineSettings.OPEN);

    assertThat(line.schedule(1000, START + 1)).isEqualTo(first);
  }

  @Test
  void passesNoMoreThanTheRate() {
    LineSettings settings = LineSettings.OPEN.withBitsPerSecond(8_000_000); // 1 byte a microsecond
    Line line = line(settings.withQueueBytes(1 << 20));

    long last = 0;
    for (int i = 0; i < 100; i++) {
      last = line.schedule(1000, START);
    }

    assertThat(last).isEqualTo(START + 100 * MILLI - Line.BURST_NANOS);
  }

  @Test
  void makesUpForWhatItCouldNotPassWhileNobodyAsked() {
    LineSettings settings = LineSettings.OPEN.withBitsPerSecond(8_000_000);
    Line line = line(settings.withQueueBytes(1 << 20));
    line.schedule(4000, START); // departs 2 ms later, after the burst

    long late = line.schedule(1000, START + 3 * MILLI);

    assertThat(late).isEqualTo(START + 3 * MILLI); // it would have passed 3 ms ago
  }

  @Test
  void dropsWhatItsQueueDoesNotHold() {
    LineSettings settings = LineSettings.OPEN.withBitsPerSecond(8_000_000).withQueueBytes(5_000);
    Line line = line(settings);

    int passed = 0;
    while (line.schedule(1000, START) != Line.DROPPED) {
      passed++;
    }

    assertThat(passed).isEqualTo(5 + 2); // the queue, and the burst of 2 ms
    assertThat(line.schedule(1000, START + MILLI)).isPositive();
  }

  @Test
  void losesItsPartOfThePackets() {
    Line line = line(LineSettings.OPEN.withLoss(0.01));

    int lost = 0;
    for (int i = 0; i < 100_000; i++) {
      lost += line.schedule(100, START + i) == Line.DROPPED ? 1 : 0;
    }

    assertThat(lost / 100_000.0).isCloseTo(0.01, within(0.003));
  }

  @Test
  void holdsSomeBackSoThatLaterOnesOvertake() {
    Line line = line(LineSettings.OPEN.withReorder(0.5));

    int overtaken = 0;
    long before = 0;
    for (int i = 0; i < 1_000; i++) {
      long comesOut = line.schedule(100, START + i * 1_000L);
      overtaken += comesOut < before ? 1 : 0;
      before = comesOut;
    }

    assertThat(overtaken).isBetween(150, 350);
  }

  @Test
  void letsNothingThroughWhileStalled() {
    Line line = line(LineSettings.OPEN.withStalled(true));

    assertThat(line.schedule(100, START)).isEqualTo(Line.DROPPED);
    line.change(LineSettings.OPEN);
    assertThat(line.schedule(100, START)).isEqualTo(START);
  }

  private static Line line(LineSettings settings) {
    return new Line(settings, Seeds.random("LineTest"));
  }
}
