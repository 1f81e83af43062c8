package dev.weir.log;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;

/// Measures durable appends: `AppendMeasurement DIRECTORY FRAME_BYTES IN_FLIGHT TOTAL_MEBIBYTES`.
/// Prints MB/s, the commit's latency and the processor time per MiB. Not a test.
final class AppendMeasurement {
  private AppendMeasurement() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    int frameBytes = Integer.parseInt(args[1]);
    int inFlight = Integer.parseInt(args[2]);
    long total = Long.parseLong(args[3]) << 20;
    Semaphore window = new Semaphore(inFlight);
    AppendListener listener =
        new AppendListener() {
          @Override
          public void durable(
              long baseOffset, long commitMicros, long queueMicros, long timestampMicros) {
            window.release();
          }

          @Override
          public void failed(WeirException cause) {
            cause.printStackTrace();
            System.exit(1);
          }
        };
    byte[] payload = new byte[frameBytes - Layout.FRAME_HEADER_BYTES - 8];
    new SplittableRandom(1).nextBytes(payload);
    LogEntry entry = LogEntry.data(1, Bytes.utf8("12345678"), Bytes.wrap(payload));
    try (Log log =
        Log.open(LogConfig.of("bench", directory), new FileDisk(), Clock.SYSTEM, LogHooks.NONE)) {
      long warm = total / 4;
      long start = 0;
      long cpuStart = 0;
      for (long done = 0; done < warm + total; done += frameBytes) {
        if (start == 0 && done >= warm) {
          start = System.nanoTime();
          cpuStart = cpuNanos();
        }
        window.acquire();
        log.append(entry, listener);
      }
      window.acquire(inFlight);
      double seconds = (System.nanoTime() - start) / 1e9;
      double cpu = (cpuNanos() - cpuStart) / 1e6 / (double) (total >> 20);
      LogStats stats = log.stats();
      System.out.printf(
          "frame %d in flight %d: %.1f MB/s, %.0f frames/s, %d commits of %d KiB, commit p50 %.0f us"
              + " p99 %.0f us, cpu %.2f ms/MiB%n",
          frameBytes,
          inFlight,
          total / 1e6 / seconds,
          (double) total / frameBytes / seconds,
          stats.commits(),
          stats.appendedBytes() / stats.commits() / 1024,
          stats.commitLatency().p50Nanos() / 1e3,
          stats.commitLatency().p99Nanos() / 1e3,
          cpu);
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
