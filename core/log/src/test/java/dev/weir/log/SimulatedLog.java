package dev.weir.log;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.testkit.ManualClock;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Runs a log step by step on a simulated disk, doing the work of a script and keeping the oracle.
final class SimulatedLog {
  static final Path DIRECTORY = Path.of("/log");

  /// Messages that no limit of the scripts lets go, also when a segment was given up early.
  private static final int ALWAYS_KEPT = 2;

  private final SimDisk disk;
  private final ManualClock clock;
  private final Oracle oracle;
  private @Nullable Log log;
  private boolean isEndingWhenPoisoned;
  private ByteSize keptBytes = Retention.FOREVER.bytes();

  /// Work to do with a log; the same seed gives the same work.
  interface Script {
    void run(SimulatedLog log, RandomGenerator random) throws IOException;
  }

  SimulatedLog(SimDisk disk, ManualClock clock, Oracle oracle) {
    this.disk = disk;
    this.clock = clock;
    this.oracle = oracle;
  }

  static LogConfig config() {
    return LogConfig.of("sim", DIRECTORY)
        .withSegmentBytes(ByteSize.ofKibibytes(64))
        .withTopics(Entries.TOPIC_IS_HEADER);
  }

  /// Opens the log; after a crash of the disk nothing happens any more. A failing open is tried
  /// again, as a supervisor does.
  void open() throws IOException {
    if (isEndingWhenPoisoned && log != null && isDown()) {
      return;
    }
    for (int attempt = 0; !disk.hasCrashed(); attempt++) {
      try {
        Retention retention =
            new Retention(keptBytes, Retention.FOREVER.age(), new ByteSize(0), false);
        log =
            Log.openStepped(
                config().withRetention(retention), disk, clock, () -> Bytes.utf8("snap"));
        return;
      } catch (IOException e) {
        if (attempt == 3) {
          log = null;
          throw e;
        }
      }
    }
  }

  Log log() {
    if (log == null) {
      throw new IllegalStateException("not open");
    }
    return log;
  }

  /// Segments beyond so many bytes go, from the next opening on.
  void keeps(ByteSize bytes) {
    keptBytes = bytes;
  }

  /// The owner ends the process when the log is poisoned, as a server does.
  void endsWhenPoisoned() {
    isEndingWhenPoisoned = true;
  }

  boolean isDown() {
    return disk.hasCrashed()
        || log == null
        || (isEndingWhenPoisoned && log.condition() == LogCondition.POISONED);
  }

  /// Offers entries, then lets the log work until all of them are decided.
  void append(int count, int paddingBytes) {
    for (int i = 0; i < count && !isDown(); i++) {
      if (!keptBytes.equals(Retention.FOREVER.bytes())) {
        oracle.givesUpBelow(log().durableOffset() - ALWAYS_KEPT);
      }
      LogEntry entry = oracle.next(paddingBytes);
      AppendListener listener = oracle.listenerFor(entry);
      for (int attempt = 0; !isDown() && !log().offer(entry, listener); attempt++) {
        settle();
        if (attempt > 100) {
          throw new IllegalStateException("the log does not recover: " + log().condition());
        }
      }
    }
    settle();
  }

  /// Offers one CONTROL entry.
  void control() {
    if (!isDown()) {
      LogEntry entry = oracle.nextControl();
      log().offer(entry, oracle.listenerFor(entry));
    }
  }

  /// Lets the log work until there is nothing to do, stepping over waits.
  void settle() {
    for (int quiet = 0; quiet < 2 && !isDown(); ) {
      if (log().step() > 0) {
        quiet = 0;
      } else if (log().condition() == LogCondition.OPEN) {
        quiet++;
      } else {
        clock.advance(Duration.ofSeconds(1));
        quiet = 0;
        if (++stalled > 1_000) {
          throw new IllegalStateException("the log does not recover: " + log().condition());
        }
      }
    }
    stalled = 0;
  }

  private int stalled;

  void advance(Duration step) {
    clock.advance(step);
    settle();
  }

  void dropBefore(long offset) {
    if (!isDown()) {
      oracle.givesUpBelow(offset);
      log().dropBefore(offset);
      settle();
    }
  }

  void close() {
    if (!isDown()) {
      log().close();
      log = null;
    }
  }

  void check() throws IOException {
    if (!isDown()) {
      oracle.check(log());
    }
  }
}
