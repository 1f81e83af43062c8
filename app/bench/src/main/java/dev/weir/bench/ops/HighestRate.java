package dev.weir.bench.ops;

import dev.weir.bench.TalkingChild;
import java.io.IOException;
import java.time.Duration;

/// The highest rate of an open loop whose p99.9 stays under a limit: doubled until it does not,
/// then four steps by halves.
final class HighestRate {
  private static final int FIRST = 2_000;
  private static final int LAST = 4_000_000;
  private static final int REFINEMENTS = 4;

  private final OpsCluster cluster;
  private final Duration warmUp;
  private final Duration time;

  /// @param time of each step
  HighestRate(OpsCluster cluster, Duration warmUp, Duration time) {
    this.cluster = cluster;
    this.warmUp = warmUp;
    this.time = time;
  }

  /// @param way with any rate
  /// @return operations a second; 0 when not even the lowest rate is good
  int below(OpsCase way, long limitNanos) throws IOException {
    int good = 0;
    int rate = FIRST;
    while (rate <= LAST && isGood(way, rate, limitNanos)) {
      good = rate;
      rate *= 2;
    }
    int bad = rate;
    for (int i = 0; i < REFINEMENTS && good > 0; i++) {
      int middle = (good + bad) / 2;
      if (isGood(way, middle, limitNanos)) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    return good;
  }

  /// A rate gets a second chance: another program's wake-up must not decide.
  private boolean isGood(OpsCase way, int rate, long limitNanos) throws IOException {
    boolean isGood = isGoodOnce(way, rate, limitNanos);
    return isGood || isGoodOnce(way, rate, limitNanos);
  }

  private boolean isGoodOnce(OpsCase way, int rate, long limitNanos) throws IOException {
    OpsCase step = new OpsCase(way.way(), way.isRouted(), way.bytes(), 0, rate);
    try {
      OpsFigures figures = cluster.measure(step, warmUp, time).figures();
      return figures.failures() == 0 && figures.p999Nanos() < limitNanos;
    } catch (TalkingChild.Failure _) {
      return false;
    }
  }
}
