package dev.weir.log;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// Measures opening a large backlog: `OpenMeasurement DIRECTORY GIBIBYTES`. Lays out sparse files
/// of 64 MiB as old segments behind a real newest one that was not closed. Not a test.
final class OpenMeasurement {
  private OpenMeasurement() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    long gibibytes = Long.parseLong(args[1]);
    if (!Files.exists(directory)) {
      Files.createDirectories(directory);
      for (long i = 1; i <= gibibytes * 16; i++) {
        Path file = directory.resolve(new SegmentName(i, i * 1_000).fileName());
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
          sparse.setLength(64L << 20);
        }
      }
      Path newest = directory.resolve(new SegmentName(gibibytes * 16 + 1, 0).fileName());
      makeNewest(directory.resolveSibling("newest"), newest, gibibytes * 16 + 1);
    }
    long start = System.nanoTime();
    Log log = Log.open(LogConfig.of("big", directory), new FileDisk(), Clock.SYSTEM, LogHooks.NONE);
    long opened = System.nanoTime();
    System.out.printf("opened in %.1f ms: %s%n", (opened - start) / 1e6, log.recovery());
    CountDownLatch durable = new CountDownLatch(1);
    log.append(
        LogEntry.data(1, Bytes.EMPTY, Bytes.utf8("x")),
        new Recorder() {
          @Override
          public void durable(long baseOffset, long commitMicros, long queueMicros, long time) {
            durable.countDown();
          }
        });
    durable.await();
    System.out.printf("first append durable after %.1f ms%n", (System.nanoTime() - start) / 1e6);
    Runtime.getRuntime().halt(0); // not closed: the next run recovers
  }

  /// A full segment of the given number that was not closed.
  private static void makeNewest(Path scratch, Path target, long number) throws Exception {
    Files.createDirectories(scratch);
    Path seed = scratch.resolve(new SegmentName(number - 1, number * 1_000).fileName());
    Files.createFile(seed);
    Recorder recorder = new Recorder();
    Log log =
        Log.openStepped(LogConfig.of("seed", scratch), new FileDisk(), Clock.SYSTEM, LogHooks.NONE);
    for (int i = 0; i < 900; i++) {
      log.offer(Entries.sized(65_000), recorder);
      Entries.drain(log);
    }
    for (String name : new FileDisk().list(scratch)) {
      if (name.endsWith(".seg")) {
        Files.move(scratch.resolve(name), target.resolveSibling(name));
      }
    }
  }
}
