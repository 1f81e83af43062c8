package dev.weir.bench;

import dev.weir.base.Clock;
import dev.weir.bench.data.DataPool;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/// A log file that grows at a rate. Only whole lines are counted and written.
final class GrowingFile implements AutoCloseable {
  private static final long SLICE_NANOS = 10_000_000;

  private final OutputStream out;
  private final DataPool pool;
  private final Clock clock;
  private long bodies;
  private long bytes;
  private long lines;

  GrowingFile(Path file, DataPool pool, Clock clock) throws IOException {
    this.out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    this.pool = pool;
    this.clock = clock;
  }

  /// Grows for so long.
  void grow(long bytesPerSecond, int seconds) throws IOException {
    long start = clock.nanoTime();
    long end = start + seconds * 1_000_000_000L;
    long before = bytes;
    for (long now = start; now < end; now = clock.nanoTime()) {
      double due = (now - start) / 1e9 * bytesPerSecond;
      while (bytes - before < due) {
        add(pool.body(bodies++));
      }
      LockSupport.parkNanos(SLICE_NANOS);
    }
  }

  private void add(byte[] body) throws IOException {
    out.write(body);
    bytes += body.length;
    for (byte b : body) {
      lines += b == '\n' ? 1 : 0;
    }
  }

  long bytes() {
    return bytes;
  }

  long lines() {
    return lines;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
