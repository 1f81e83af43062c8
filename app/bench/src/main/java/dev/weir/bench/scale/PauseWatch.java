package dev.weir.bench.scale;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// How long this process was held up by what its own code can do nothing about: a thread that does
/// nothing but sleep for a millisecond at a time notes how much later than that it runs, which is a
/// safepoint, a collection, or a machine whose cores are taken.
///
/// Threads: its own, a daemon; [#take] is anybody's.
final class PauseWatch {
  private static final long PERIOD_NANOS = 1_000_000;

  private final AtomicLong longestNanos = new AtomicLong();
  private final AtomicLong longestCollectionMillis = new AtomicLong();

  /// Without those that tell of work beside the program.
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans().stream()
          .filter(bean -> !bean.getName().matches(".*(Cycles|Concurrent).*"))
          .toList();

  private PauseWatch() {}

  static PauseWatch start() {
    PauseWatch watch = new PauseWatch();
    Thread.ofPlatform().daemon().name("weir-bench-pauses").start(watch::run);
    return watch;
  }

  private void run() {
    long collections = collections();
    while (true) {
      long due = System.nanoTime() + PERIOD_NANOS;
      LockSupport.parkNanos(PERIOD_NANOS);
      longestNanos.accumulateAndGet(System.nanoTime() - due, Math::max);
      long now = collections();
      if (now != collections) {
        collections = now;
        longestCollectionMillis.accumulateAndGet(lastCollectionMillis(), Math::max);
      }
    }
  }

  private long collections() {
    long count = 0;
    for (GarbageCollectorMXBean collector : collectors) {
      count += collector.getCollectionCount();
    }
    return count;
  }

  private long lastCollectionMillis() {
    long longest = 0;
    for (GarbageCollectorMXBean collector : collectors) {
      if (collector instanceof com.sun.management.GarbageCollectorMXBean known
          && known.getLastGcInfo() != null) {
        longest = Math.max(longest, known.getLastGcInfo().getDuration());
      }
    }
    return longest;
  }

  /// The longest since this was asked before.
  Pauses take() {
    return new Pauses(
        longestNanos.getAndSet(0) / 1e6, (double) longestCollectionMillis.getAndSet(0));
  }

  /// The longest of each.
  ///
  /// @param sleepMillis how much too late a sleeper ran
  /// @param collectionMillis a collection
  record Pauses(double sleepMillis, double collectionMillis) {
    /// As a line between processes.
    String words() {
      return sleepMillis + " " + collectionMillis;
    }

    static Pauses parse(String words) {
      String[] parts = words.split(" ", -1);
      return new Pauses(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
    }
  }
}
