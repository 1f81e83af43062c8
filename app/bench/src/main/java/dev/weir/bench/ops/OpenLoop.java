package dev.weir.bench.ops;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Begins operations at times that are fixed beforehand, whatever becomes of those before, and
/// counts each one's latency from the time at which it was meant to begin. So a pause of the server
/// is seen by every operation that fell into it ("coordinated omission" is the error of counting it
/// once).
///
/// The caller's loop itself looks at the clock: a thread of its own for that would compete for the
/// core of what is measured, and its waits would count as latency.
///
/// Owned by the caller's loop.
final class OpenLoop implements Outcome, Runnable {
  /// More under way than that, and the rate is not held: what comes then is shed, and counted.
  static final int MOST_UNDER_WAY = 1 << 16;

  /// Between two looks at the clock. Shorter would take the core from the server.
  private static final long SLICE_NANOS = 50_000;

  /// For what is under way at the end.
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Caller caller;
  private final long count;
  private final long startNanos;
  private final double intervalNanos;
  private final long measuredFrom;
  private final Histogram latency = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
  private final CountDownLatch over = new CountDownLatch(1);
  private long begun;
  private long answered;
  private long failures;

  private OpenLoop(Caller caller, long count, double perSecond, Duration warmUp) {
    this.caller = caller;
    this.count = count;
    this.intervalNanos = 1e9 / perSecond;
    this.startNanos = System.nanoTime() + 1_000_000;
    this.measuredFrom = startNanos + warmUp.toNanos();
    latency.setAutoResize(true);
  }

  /// Runs for a time; waits up to 20 s for what is under way then.
  static OpsFigures run(Caller caller, double perSecond, Duration warmUp, Duration time)
      throws IOException, InterruptedException {
    long count = (long) (perSecond * (warmUp.toNanos() + time.toNanos()) / 1e9);
    OpenLoop loop = new OpenLoop(caller, count, perSecond, warmUp);
    caller
        .loop()
        .execute(() -> {
          caller.tell(loop);
          loop.run();
        });
    long longestMillis = warmUp.plus(time).plus(PATIENCE).toMillis();
    boolean isOver = loop.over.await(longestMillis, TimeUnit.MILLISECONDS);
    CountDownLatch told = new CountDownLatch(1);
    caller
        .loop()
        .execute(() -> {
          caller.tell(NoOutcome.NOBODY);
          told.countDown();
        });
    told.await();
    if (!isOver) {
      throw new IOException(
          (count - loop.answered)
              + " operations were not answered in "
              + PATIENCE.toSeconds()
              + " s");
    }
    return OpsFigures.of(loop.latency, time.toNanos(), loop.failures);
  }

  /// Begins what is due.
  @Override
  public void run() {
    long sinceStart = System.nanoTime() - startNanos;
    long due = sinceStart < 0 ? 0 : Math.min(count, (long) (sinceStart / intervalNanos) + 1);
    while (begun < due) {
      long dueNanos = startNanos + (long) (begun * intervalNanos);
      begun++;
      if (begun - answered > MOST_UNDER_WAY) {
        shed();
      } else {
        caller.call(dueNanos);
      }
    }
    if (begun < count) {
      var _ = caller.loop().schedule(this, SLICE_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  private void shed() {
    failures++;
    onAnswered();
  }

  private void onAnswered() {
    answered++;
    if (answered == count) {
      over.countDown();
    }
  }

  @Override
  public void done(long tag) {
    if (tag - measuredFrom >= 0) {
      latency.recordValue(Math.max(0, System.nanoTime() - tag));
    }
    onAnswered();
  }

  @Override
  public void failed(long tag, String why) {
    shed();
  }
}
