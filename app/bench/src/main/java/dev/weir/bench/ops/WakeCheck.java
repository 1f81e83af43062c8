package dev.weir.bench.ops;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// What the machine itself adds to a latency: how late a thread wakes while nothing is measured. To
/// be read beside an open loop's p99.9, since each hand-over from one process to the next may wait
/// like that.
///
/// @param p999Millis of the time by which a wake was late
record WakeCheck(double p999Millis) {
  /// As often as an [OpenLoop] looks at the clock.
  private static final long SLICE_NANOS = 50_000;

  static WakeCheck run(Duration time) {
    Histogram late = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    late.setAutoResize(true);
    long last = System.nanoTime();
    long end = last + time.toNanos();
    while (last - end < 0) {
      LockSupport.parkNanos(SLICE_NANOS);
      long now = System.nanoTime();
      // What would have been due meanwhile was late as well, by less and less.
      late.recordValueWithExpectedInterval(Math.max(0, now - last - SLICE_NANOS), SLICE_NANOS);
      last = now;
    }
    return new WakeCheck(late.getValueAtPercentile(99.9) / 1e6);
  }
}
