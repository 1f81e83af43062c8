package dev.weir.log;

import dev.weir.base.ByteSize;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// The work whose every disk call is made to crash and to fail.
final class Scripts {
  private Scripts() {}

  /// Named, so that a failing run says which it was.
  record Named(String name, SimulatedLog.Script script) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Named> all() {
    return List.of(
        new Named(
            "append",
            (log, random) -> {
              log.open();
              for (int i = 0; i < 8; i++) {
                log.append(1 + random.nextInt(4), random.nextInt(900));
                if (i % 3 == 2) {
                  log.control();
                }
              }
            }),
        new Named(
            "roll",
            (log, random) -> {
              log.open();
              for (int i = 0; i < 14; i++) {
                log.control();
                log.append(1 + random.nextInt(3), 4_000 + random.nextInt(9_000));
              }
              log.close();
            }),
        new Named(
            "checkpoint",
            (log, random) -> {
              log.open();
              for (int i = 0; i < 5; i++) {
                log.append(1, random.nextInt(2_000));
                log.advance(Duration.ofMillis(1_100));
              }
              log.append(3, 100);
            }),
        new Named(
            "retention",
            (log, random) -> {
              log.open();
              for (int i = 0; i < 12; i++) {
                log.append(2, 8_000 + random.nextInt(4_000));
                if (i % 4 == 3) {
                  log.dropBefore(2L * i - 2);
                  log.advance(Duration.ofSeconds(2));
                }
              }
            }),
        new Named("recycle", Scripts::recycle),
        new Named(
            "reopen",
            (log, random) -> {
              for (int i = 0; i < 4; i++) {
                log.open();
                log.check();
                log.append(2, random.nextInt(3_000));
                log.append(1, random.nextInt(20_000));
                log.close();
              }
              log.open();
              log.check();
            }));
  }

  /// Rolls at the retention limit, so that segments are used again.
  private static void recycle(SimulatedLog log, RandomGenerator random) throws IOException {
    log.keeps(ByteSize.ofKibibytes(256));
    log.open();
    for (int i = 0; i < 30; i++) {
      log.append(1, 9_000 + random.nextInt(6_000));
    }
  }
}
