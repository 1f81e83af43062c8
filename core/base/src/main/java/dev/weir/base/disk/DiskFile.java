package dev.weir.base.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/// An open file. Positional, so that readers and the one writer share no cursor.
public interface DiskFile extends AutoCloseable {
  /// Writes all that remains in the buffers at a byte position, in order, extending the file when
  /// needed. After an exception any part of it may have been written.
  ///
  /// @throws NoSpaceException when the disk is full
  void write(ByteBuffer[] buffers, long position) throws IOException;

  /// Reads up to `target.remaining()` bytes from a byte position.
  ///
  /// @return the bytes read, 0 at or after the end of the file
  int read(ByteBuffer target, long position) throws IOException;

  /// Makes written bytes (and the size) durable. After an exception nothing may be assumed about
  /// what was written since the last success, and the file must not be forced again.
  void force() throws IOException;

  /// The file's size in bytes.
  long size() throws IOException;

  /// Cuts the file to a size in bytes.
  void truncate(long size) throws IOException;

  /// Releases the file; idempotent, never throws.
  @Override
  void close();
}
