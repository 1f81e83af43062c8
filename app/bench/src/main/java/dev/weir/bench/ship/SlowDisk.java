package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.base.disk.Disk;
import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A disk whose fsync takes longer by a fixed time: it stands in for a spinning disk, or for
/// replicas that must ack as well. Everything else is the disk behind it.
final class SlowDisk implements Disk {
  private final Disk disk;
  private final Clock clock;
  private final long extraNanos;

  SlowDisk(Disk disk, Clock clock, Duration extra) {
    this.disk = disk;
    this.clock = clock;
    this.extraNanos = extra.toNanos();
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    disk.createDirectories(directory);
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    return new SlowFile(disk.create(file));
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    return new SlowFile(disk.open(file));
  }

  @Override
  public DiskFile openForRead(Path file) throws IOException {
    return disk.openForRead(file);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public void rename(Path source, Path target) throws IOException {
    disk.rename(source, target);
  }

  @Override
  public void delete(Path file) throws IOException {
    disk.delete(file);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    disk.forceDirectory(directory);
  }

  @Override
  public long freeBytes(Path path) throws IOException {
    return disk.freeBytes(path);
  }

  @Override
  public AutoCloseable lock(Path directory) throws IOException {
    return disk.lock(directory);
  }

  private final class SlowFile implements DiskFile {
    private final DiskFile file;

    SlowFile(DiskFile file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer[] buffers, long position) throws IOException {
      file.write(buffers, position);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public void force() throws IOException {
      file.force();
      long endNanos = clock.nanoTime() + extraNanos;
      long leftNanos = extraNanos;
      while (leftNanos > 0) { // Whoever appends meanwhile may wake the thread.
        LockSupport.parkNanos(leftNanos);
        leftNanos = endNanos - clock.nanoTime();
      }
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
