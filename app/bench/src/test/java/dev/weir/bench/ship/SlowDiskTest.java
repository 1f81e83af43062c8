package dev.weir.bench.ship;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.base.disk.DiskFile;
import dev.weir.log.FileDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A slower fsync and nothing else.
final class SlowDiskTest {
  private static final Duration EXTRA = Duration.ofMillis(30);

  @TempDir private Path directory;

  @Test
  void makesAnFsyncLongerAlsoForAThreadThatIsWoken() throws IOException {
    SlowDisk disk = new SlowDisk(new FileDisk(), Clock.SYSTEM, EXTRA);
    Path file = directory.resolve("file");
    try (DiskFile open = disk.create(file)) {
      open.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[10])}, 0);
      LockSupport.unpark(Thread.currentThread());
      long startNanos = Clock.SYSTEM.nanoTime();

      open.force();

      assertThat(Clock.SYSTEM.nanoTime() - startNanos).isGreaterThanOrEqualTo(EXTRA.toNanos());
    }
    try (DiskFile again = disk.openForRead(file)) {
      assertThat(again.size()).isEqualTo(10);
    }
  }
}
