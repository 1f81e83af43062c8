package dev.weir.bench.ops;

import java.io.IOException;
import java.time.Duration;

/// Whether the open loop sees what it must: the server is held up for a while, and the calls that
/// were meant to begin meanwhile must count it.
///
/// @param pause how long the server stood still
/// @param p999Millis what the open loop says of the run
record PauseCheck(Duration pause, double p999Millis) {
  private static final Duration PAUSE = Duration.ofMillis(200);

  /// In the midst of the run, also when a busy machine begins it late.
  private static final Duration AFTER = Duration.ofMillis(800);

  /// A twelfth of the run falls into the pause: well above the thousandth that p99.9 leaves out.
  private static final Duration RUN = Duration.ofMillis(2_400);

  private static final int PER_SECOND = 2_000;

  static PauseCheck run(OpsCluster cluster) throws IOException {
    OpsCase calls = new OpsCase(OpsWay.WIRE, false, 64, 0, PER_SECOND);
    cluster.measure(calls, Duration.ZERO, Duration.ofMillis(300));
    cluster.pause(AFTER, PAUSE);
    OpsSample sample = cluster.measure(calls, Duration.ZERO, RUN);
    return new PauseCheck(PAUSE, sample.figures().p999Nanos() / 1e6);
  }

  /// The thousandth that is left out began in the pause's first 10 ms.
  boolean isSeen() {
    return p999Millis >= pause.toMillis() * 0.95;
  }
}
