package dev.weir.bench.ops;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Keeps a number of operations under way: each answer begins the next. Says how much goes through,
/// and nothing of how long somebody waits who comes at his own time: see [OpenLoop].
///
/// Owned by the caller's loop.
final class ClosedLoop implements Outcome {
  private final Caller caller;
  private final int inFlight;
  private final Histogram latency = new Histogram(TimeUnit.MINUTES.toNanos(1), 2);
  private final CountDownLatch drained = new CountDownLatch(1);
  private String failure = "";
  private long failures;
  private int flying;
  private long startNanos;
  private long endNanos;
  private boolean isStopped;

  private ClosedLoop(Caller caller, int inFlight) {
    this.caller = caller;
    this.inFlight = inFlight;
    latency.setAutoResize(true);
  }

  /// Runs for a time; waits for what is under way then.
  static OpsFigures run(Caller caller, int inFlight, Duration time)
      throws IOException, InterruptedException {
    ClosedLoop loop = new ClosedLoop(caller, inFlight);
    caller.loop().execute(() -> loop.begin(time));
    if (!loop.drained.await(time.toMillis() + 20_000, TimeUnit.MILLISECONDS)) {
      throw new IOException("operations were not answered within 20 s");
    }
    return OpsFigures.of(loop.latency, loop.endNanos - loop.startNanos, loop.failures);
  }

  private void begin(Duration time) {
    caller.tell(this);
    startNanos = System.nanoTime();
    endNanos = startNanos + time.toNanos();
    for (int i = 0; i < inFlight && !isStopped; i++) {
      flying++;
      caller.call(startNanos);
    }
  }

  @Override
  public void done(long tag) {
    long now = System.nanoTime();
    flying--;
    if (!isStopped && now - endNanos < 0) {
      latency.recordValue(now - tag);
      flying++;
      caller.call(now);
      return;
    }
    if (latency.getTotalCount() == 0) {
      latency.recordValue(now - tag); // Slower than the whole time: a rate all the same.
      endNanos = now;
    }
    stop();
  }

  private void stop() {
    isStopped = true;
    if (flying == 0) {
      caller.tell(NoOutcome.NOBODY);
      drained.countDown();
    }
  }

  /// The first failure ends it: figures of a peer that refuses are worth nothing.
  @Override
  public void failed(long tag, String why) {
    failures++;
    flying--;
    if (failure.isEmpty()) {
      failure = why;
    }
    stop();
  }
}
