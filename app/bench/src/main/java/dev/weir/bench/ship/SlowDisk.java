package dev.weir.bench.ship;

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
  private final long extraNanos;

  SlowDisk(Disk disk, Duration extra) {
    this.disk = disk;
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
      LockSupport.parkNanos(extraNanos); // Late by the timer's slack, some 60 µs.
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
