package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.bench.data.DataPool;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// The edge of a run, in a process of its own: makes the data, ships for the warm-up, waits until
/// all is acked, says `begin`, ships what is timed, waits again, and reports.
public final class ShipLoad {
  private static final Duration TICK = Duration.ofMillis(250);

  private final LoadPlan plan;
  private final DataPool pool;
  private final Shipper shipper;
  private final Clock clock;
  private long next;
  private long offeredBytes;

  private ShipLoad(LoadPlan plan, DataPool pool, Shipper shipper, Clock clock) {
    this.plan = plan;
    this.pool = pool;
    this.shipper = shipper;
    this.clock = clock;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    LoadPlan plan = LoadPlan.parse(arguments);
    Clock clock = Clock.SYSTEM;
    DataPool pool = LoadPlan.pool(plan.set(), plan.seed());
    try (Shipper shipper = shipper(plan, clock)) {
      Thread ticker =
          Thread.ofPlatform().daemon().name("weir-bench-tick").start(() -> tick(shipper));
      new ShipLoad(plan, pool, shipper, clock).run();
      ticker.interrupt();
    }
  }

  private static Shipper shipper(LoadPlan plan, Clock clock) throws IOException {
    ShipMode mode = plan.mode();
    return switch (mode.kind()) {
      case PUT -> new PutShipper(mode.count(), plan.target(), plan.spool(), clock);
      case STREAM -> new StreamShipper(mode.count(), plan.target(), plan.spool(), clock);
      case EDGE -> new EdgeShipper(plan, clock);
    };
  }

  private static void tick(Shipper shipper) {
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(TICK.toNanos());
      System.out.println("acked " + shipper.ackedBytes());
    }
  }

  private void run() throws InterruptedException {
    offer(Long.MAX_VALUE, plan.warmUp());
    shipper.awaitAcked();
    shipper.times().restart();
    long firstNumber = next;
    offeredBytes = 0;
    double cpuBefore = cpuSeconds();
    System.out.println(ShipWords.BEGIN);
    long startNanos = clock.nanoTime();
    offer(plan.bytes(), plan.longest());
    shipper.awaitAcked();
    double seconds = (clock.nanoTime() - startNanos) / 1e9;
    LoadFigures figures =
        new LoadFigures(
            seconds,
            (double) offeredBytes,
            (double) (next - firstNumber),
            (double) firstNumber,
            shipper.times().millis(50),
            shipper.times().millis(99),
            cpuSeconds() - cpuBefore);
    System.out.println("end " + figures.line());
  }

  private void offer(long bytes, Duration longest) throws InterruptedException {
    long endNanos = clock.nanoTime() + longest.toNanos();
    while (offeredBytes < bytes && clock.nanoTime() < endNanos) {
      byte[] body = pool.body(next);
      shipper.offer(next, body);
      next++;
      offeredBytes += body.length;
    }
  }

  private static double cpuSeconds() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(time -> time.toNanos() / 1e9)
        .orElse(Double.NaN);
  }
}
