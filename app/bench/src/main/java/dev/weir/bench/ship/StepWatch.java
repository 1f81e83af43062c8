package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.lab.Lab;
import dev.weir.lab.PathSettings;
import dev.weir.lab.Way;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Changes the rate of a path twice and notes what comes out: high for [#PHASE], low for as long,
/// high again. A virtual thread `weir-bench-step` of its own; the results are read after [#await].
final class StepWatch {
  /// Long enough for a window to settle, three times the time it has to recover.
  static final Duration PHASE = Duration.ofSeconds(6);

  /// The path counts as used again from this part of its rate on.
  static final double USED = 0.9;

  private static final Duration SAMPLE = Duration.ofMillis(100);

  /// Utilisation is judged over so many samples: half a second.
  private static final int SAMPLES_JUDGED = 5;

  private final Lab lab;
  private final PathSettings high;
  private final PathSettings low;
  private final Clock clock;
  private final List<Sample> samples = new ArrayList<>();
  private final Thread thread;

  /// Bytes that had come out by a time after the start.
  private record Sample(long nanos, long bytes) {}

  StepWatch(Lab lab, PathSettings high, PathSettings low, Clock clock) {
    this.lab = lab;
    this.high = high;
    this.low = low;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("weir-bench-step").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    long startNanos = clock.nanoTime();
    long phaseNanos = PHASE.toNanos();
    int phase = 0;
    long nowNanos = 0;
    while (nowNanos < 3 * phaseNanos && !Thread.currentThread().isInterrupted()) {
      samples.add(new Sample(nowNanos, lab.totals(Way.OUT).bytes()));
      LockSupport.parkNanos(SAMPLE.toNanos());
      nowNanos = clock.nanoTime() - startNanos;
      if (nowNanos / phaseNanos > phase) {
        phase++;
        // The queue stays as long in bytes: a router does not grow with its line.
        lab.change(
            high.line().withBitsPerSecond(phase == 1 ? low.bitsPerSecond() : high.bitsPerSecond()));
      }
    }
  }

  /// Waits until the last phase has passed.
  void await() {
    try {
      thread.join();
    } catch (InterruptedException _) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  /// Mean rate in bits a second over the second half of a phase, 0 to 2.
  double settledBitsPerSecond(int phase) {
    long phaseNanos = PHASE.toNanos();
    return rate(phase * phaseNanos + phaseNanos / 2, (phase + 1) * phaseNanos);
  }

  private double rate(long fromNanos, long toNanos) {
    List<Sample> within =
        samples.stream().filter(s -> s.nanos() >= fromNanos && s.nanos() <= toNanos).toList();
    return within.size() < 2 ? 0 : rate(within.getFirst(), within.getLast());
  }

  private static double rate(Sample from, Sample to) {
    return (to.bytes() - from.bytes()) * 8e9 / (to.nanos() - from.nanos());
  }

  /// Seconds from the start of a phase until half a second at [#USED] of its rate has come out;
  /// infinite when that did not happen.
  double recoverySeconds(int phase) {
    long startNanos = phase * PHASE.toNanos();
    double wanted = USED * (phase == 1 ? low : high).bitsPerSecond();
    for (int i = 0; i + SAMPLES_JUDGED < samples.size(); i++) {
      Sample from = samples.get(i);
      Sample to = samples.get(i + SAMPLES_JUDGED);
      if (from.nanos() >= startNanos && rate(from, to) >= wanted) {
        return (to.nanos() - startNanos) / 1e9;
      }
    }
    return Double.POSITIVE_INFINITY;
  }
}
