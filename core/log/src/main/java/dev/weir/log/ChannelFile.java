package dev.weir.log;

import dev.weir.base.disk.DiskFile;
import dev.weir.base.disk.NoSpaceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A [FileChannel] as the log needs it.
///
/// A channel closes itself when a thread that is interrupted uses it, for every other thread too.
/// Readers run on their callers' threads and share one file, so a file opened for reading sets the
/// interrupt aside while it reads and opens itself again when another reader's interrupt closed it.
/// Files opened for writing belong to the log's own threads, which nobody interrupts.
///
/// What a large write covers in whole blocks goes past the page cache, see [DirectWrites].
final class ChannelFile implements DiskFile {
  /// Below this much free space an error of unknown wording counts as a full disk.
  private static final long FULL_BYTES = 64 << 10;

  private final Path file;
  private final boolean isWritable;
  private final DirectWrites direct;
  private volatile FileChannel channel;
  private volatile boolean isClosed;

  ChannelFile(Path file, boolean isWritable, FileChannel channel) {
    this.file = file;
    this.isWritable = isWritable;
    this.channel = channel;
    this.direct = new DirectWrites(file);
  }

  @Override
  public void write(ByteBuffer[] buffers, long position) throws IOException {
    long at = position;
    try {
      for (ByteBuffer buffer : buffers) {
        at = write(buffer, at);
      }
    } catch (IOException e) {
      throw isDiskFull(e) ? new NoSpaceException(file + ": " + e.getMessage(), e) : e;
    }
  }

  private long write(ByteBuffer buffer, long position) throws IOException {
    long at = position;
    int blocks = direct.bytes(buffer, at);
    if (blocks > 0) {
      at = writeBuffered(buffer, at, DirectWrites.lead(at));
      at += direct.write(buffer, at, blocks);
    }
    return writeBuffered(buffer, at, buffer.remaining());
  }

  private long writeBuffered(ByteBuffer buffer, long position, int count) throws IOException {
    long at = position;
    ByteBuffer part = buffer.duplicate().limit(buffer.position() + count);
    while (part.hasRemaining()) {
      at += channel.write(part, at);
    }
    buffer.position(part.position());
    return at;
  }

  private boolean isDiskFull(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    if (message.contains("No space left") || message.contains("quota exceeded")) {
      return true;
    }
    if (message.contains("Input/output error")) {
      return false;
    }
    try {
      // The wording follows the machine's language, the free space does not.
      return Files.getFileStore(file).getUsableSpace() < FULL_BYTES;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    boolean wasInterrupted = !isWritable && Thread.interrupted();
    try {
      while (true) {
        int start = target.position();
        try {
          return readFully(channel, target, position);
        } catch (ClosedChannelException e) {
          if (isWritable || isClosed) {
            throw e;
          }
          wasInterrupted |= Thread.interrupted();
          target.position(start);
          reopen();
        }
      }
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static int readFully(FileChannel channel, ByteBuffer target, long position)
      throws IOException {
    int total = 0;
    while (target.hasRemaining()) {
      int count = channel.read(target, position + total);
      if (count <= 0) {
        break;
      }
      total += count;
    }
    return total;
  }

  private synchronized void reopen() throws IOException {
    if (!channel.isOpen() && !isClosed) {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    }
  }

  @Override
  public void force() throws IOException {
    channel.force(false);
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void truncate(long size) throws IOException {
    channel.truncate(size);
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    direct.close();
    try {
      channel.close();
    } catch (IOException _) {
      // nothing is lost: what had to be durable was forced before
    }
  }
}
