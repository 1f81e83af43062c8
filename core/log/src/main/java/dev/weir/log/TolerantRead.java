package dev.weir.log;

import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;

/// Reads past sectors that the disk cannot give any more: they come back as zeros, which are no
/// frame, and so become a hole like any other damage. An error on reading is never an error of the
/// log as a whole.
final class TolerantRead {
  /// What a disk loses at once: one page.
  private static final int PAGE_BYTES = 4096;

  private TolerantRead() {}

  /// Fills the buffer from a position, or up to the end of the file.
  ///
  /// @return the bytes read, those that could not be read counted as zeros
  static int read(DiskFile file, byte[] target, int offset, int length, long position)
      throws IOException {
    try {
      return file.read(ByteBuffer.wrap(target, offset, length), position);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException _) {
      return readByPage(file, target, offset, length, position);
    }
  }

  private static int readByPage(DiskFile file, byte[] target, int offset, int length, long position)
      throws IOException {
    int available = Math.clamp(file.size() - position, 0, length);
    int done = 0;
    while (done < available) {
      long at = position + done;
      int step = (int) Math.min(available - done, PAGE_BYTES - at % PAGE_BYTES);
      try {
        file.read(ByteBuffer.wrap(target, offset + done, step), at);
      } catch (ClosedChannelException e) {
        throw e;
      } catch (IOException _) {
        Arrays.fill(target, offset + done, offset + done + step, (byte) 0);
      }
      done += step;
    }
    return done;
  }
}
