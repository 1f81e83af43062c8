package dev.weir.bench.ops;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// Begins operations at times that are fixed beforehand, whatever becomes of those before, and
/// counts each one's latency from the time at which it was meant to begin. So a pause of the server
/// is seen by every operation that fell into it ("coordinated omission" is the error of counting it
/// once).
///
/// One thread, which runs it, watches the clock; all else is owned by the caller's loop.
final class OpenLoop implements Outcome {
  /// More under way than that, and the rate is not held: what comes then is shed, and counted.
  static final int MOST_UNDER_WAY = 1 << 16;

  /// Between two looks at the clock. Shorter would take the core from the server.
  private static final long SLICE_NANOS = 50_000;

  private final Caller caller;
  private final long startNanos;
  private final double intervalNanos;
  private final long measuredFrom;
  private final Histogram latency = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
  private final AtomicLong answered = new AtomicLong();
  private long failures;

  private OpenLoop(Caller caller, double perSecond, Duration warmUp) {
    this.caller = caller;
    this.intervalNanos = 1e9 / perSecond;
    this.startNanos = System.nanoTime() + 1_000_000;
    this.measuredFrom = startNanos + warmUp.toNanos();
    latency.setAutoResize(true);
  }

  /// Runs for a time; waits up to 20 s for what is under way then.
  static OpsFigures run(Caller caller, double perSecond, Duration warmUp, Duration time)
      throws IOException, InterruptedException {
    OpenLoop loop = new OpenLoop(caller, perSecond, warmUp);
    caller.loop().execute(() -> caller.tell(loop));
    long count = (long) (perSecond * (warmUp.toNanos() + time.toNanos()) / 1e9);
    loop.pace(count);
    loop.awaitAnswers(count);
    CountDownLatch told = new CountDownLatch(1);
    caller
        .loop()
        .execute(() -> {
          caller.tell(NoOutcome.NOBODY);
          told.countDown();
        });
    told.await();
    return OpsFigures.of(loop.latency, time.toNanos(), loop.failures);
  }

  private void pace(long count) {
    long begun = 0;
    while (begun < count) {
      long now = System.nanoTime();
      long due = Math.min(count, (long) ((now - startNanos) / intervalNanos) + 1);
      if (now - startNanos >= 0 && due > begun) {
        long from = begun;
        caller.loop().execute(() -> begin(from, due));
        begun = due;
      }
      LockSupport.parkNanos(SLICE_NANOS);
    }
  }

  private void begin(long from, long to) {
    for (long i = from; i < to; i++) {
      if (i - answered.get() >= MOST_UNDER_WAY) {
        shed();
      } else {
        caller.call(startNanos + (long) (i * intervalNanos));
      }
    }
  }

  private void shed() {
    failures++;
    answered.lazySet(answered.get() + 1);
  }

  private void awaitAnswers(long count) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (answered.get() < count) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException((count - answered.get()) + " operations were not answered in 20 s");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  @Override
  public void done(long tag) {
    if (tag - measuredFrom >= 0) {
      latency.recordValue(Math.max(0, System.nanoTime() - tag));
    }
    answered.lazySet(answered.get() + 1);
  }

  @Override
  public void failed(long tag, String why) {
    shed();
  }
}
