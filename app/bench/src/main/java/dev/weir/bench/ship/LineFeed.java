package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.bench.data.DataPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Appends lines to a file that another program follows, and sees them arrive in another file by
/// its length. One thread.
final class LineFeed implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(5);

  private final DataPool pool;
  private final FileChannel input;
  private final Path output;
  private final long aheadBytes;
  private final Clock clock;
  private long lines;
  private long bytes;

  /// @param pool of bodies without line ends
  /// @param aheadBytes how much longer than the output the input may be
  LineFeed(DataPool pool, Path input, Path output, long aheadBytes, Clock clock)
      throws IOException {
    this.pool = pool;
    this.input = FileChannel.open(input, StandardOpenOption.APPEND);
    this.output = output;
    this.aheadBytes = aheadBytes;
    this.clock = clock;
  }

  /// Appends until so many more bytes are in the file or the time is over.
  void offer(long mostBytes, Duration longest) throws IOException {
    long startBytes = bytes;
    long endNanos = clock.nanoTime() + longest.toNanos();
    long roomEnd = arrivedBytes() + aheadBytes;
    while (bytes - startBytes < mostBytes && clock.nanoTime() < endNanos) {
      if (bytes < roomEnd) {
        append(pool.body(lines));
      } else {
        LockSupport.parkNanos(LOOK.toNanos());
        roomEnd = arrivedBytes() + aheadBytes;
      }
    }
  }

  private void append(byte[] body) throws IOException {
    ByteBuffer line = ByteBuffer.allocate(body.length + 1).put(body).put((byte) '\n').flip();
    while (line.hasRemaining()) {
      input.write(line);
    }
    lines++;
    bytes += body.length + 1L;
  }

  private long arrivedBytes() throws IOException {
    return Files.exists(output) ? Files.size(output) : 0;
  }

  /// Waits until the output is as long as the input.
  ///
  /// @return whether it was in time
  boolean awaitArrived(Duration longest) throws IOException {
    long endNanos = clock.nanoTime() + longest.toNanos();
    while (arrivedBytes() < bytes) {
      if (clock.nanoTime() > endNanos) {
        return false;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return true;
  }

  Path output() {
    return output;
  }

  /// How many lines were appended: their numbers are those below.
  long lines() {
    return lines;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
