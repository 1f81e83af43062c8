package dev.weir.testkit;

import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;

/// An open file of a [SimDisk].
final class SimFile implements DiskFile {
  private final SimDisk disk;
  private final Path path;
  private final SimInode inode;
  private final boolean isWritable;
  private volatile boolean isClosed;

  SimFile(SimDisk disk, Path path, SimInode inode, boolean isWritable) {
    this.disk = disk;
    this.path = path;
    this.inode = inode;
    this.isWritable = isWritable;
  }

  @Override
  public void write(ByteBuffer[] buffers, long position) throws IOException {
    check(true);
    disk.write(path, inode, buffers, position);
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    check(false);
    return disk.read(path, inode, target, position);
  }

  @Override
  public void force() throws IOException {
    check(true);
    disk.force(path, inode);
  }

  @Override
  public long size() throws IOException {
    check(false);
    return disk.size(inode);
  }

  @Override
  public void truncate(long size) throws IOException {
    check(true);
    disk.truncate(path, inode, size);
  }

  private void check(boolean forWriting) throws IOException {
    if (isClosed) {
      throw new ClosedChannelException();
    }
    if (forWriting && !isWritable) {
      throw new NonWritableChannelException();
    }
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
