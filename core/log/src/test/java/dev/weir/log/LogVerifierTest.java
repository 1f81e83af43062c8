package dev.weir.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.ManualClock;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LogVerifierTest {
  private final SimDisk disk = new SimDisk();

  private void write(boolean closes) throws IOException {
    SimulatedLog log = new SimulatedLog(disk, new ManualClock(), new Oracle());
    log.open();
    for (int i = 0; i < 20; i++) {
      log.append(1, 9_000);
    }
    if (closes) {
      log.close();
    }
  }

  private static VerifyReport verify(SimDisk disk) throws IOException {
    return LogVerifier.verify(disk, SimulatedLog.DIRECTORY, _ -> {});
  }

  private Path segment(int index) {
    return disk.files().stream()
        .filter(path -> path.toString().endsWith(".seg"))
        .toList()
        .get(index);
  }

  @Test
  void findsNothingWrongWithAClosedLog() throws IOException {
    write(true);

    VerifyReport report = verify(disk);

    assertThat(report.isIntact()).isTrue();
    assertThat(report.endOffset()).isEqualTo(20);
    assertThat(report.segments()).allMatch(VerifyReport.SegmentReport::isSealed);
    assertThat(report.segments().stream().mapToLong(VerifyReport.SegmentReport::messages).sum())
        .isEqualTo(20);
  }

  @Test
  void takesALogThatWasNotClosedForIntact() throws IOException {
    write(false);

    VerifyReport report = verify(disk.afterCrash(new SplittableRandom(1)));

    assertThat(report.isIntact()).isTrue();
    assertThat(report.segments().getLast().isSealed()).isFalse();
    assertThat(report.segments().getLast().unusedBytes()).isPositive();
  }

  @Test
  void findsEveryFlippedBitOfEveryFrame() throws IOException {
    write(true);
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 100; round++) {
      Path path = segment(random.nextInt(verify(disk).segments().size()));
      long frames = disk.openForRead(path).size() - 400;
      long bit = 8 * 4096 + random.nextLong((frames - 4096) * 8);
      disk.flipBit(path, bit);
      VerifyReport report = verify(disk);
      disk.flipBit(path, bit);

      assertThat(report.isIntact() && report.segments().stream().allMatch(s -> s.isSealed()))
          .as("bit %d of %s", bit, path)
          .isFalse();
    }
    assertThat(verify(disk).isIntact()).isTrue();
  }

  @Test
  void missesASegmentThatWasTakenAway() throws IOException {
    write(true);
    disk.delete(segment(1));

    VerifyReport report = verify(disk);

    assertThat(report.isIntact()).isFalse();
    assertThat(report.lostMessages()).isPositive();
    assertThat(report.segments().get(1).problem()).contains("missing before it");
  }
}
