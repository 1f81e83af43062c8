package dev.weir.cli;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Cuts a stream of bytes at a separator. A record is handed out as soon as its separator was read,
/// not when a buffer is full.
final class RecordReader {
  private static final int BUFFER_BYTES = 64 << 10;

  private final InputStream in;
  private final byte separator;
  private final int maxBytes;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int index;
  private int limit;

  RecordReader(InputStream in, byte separator, int maxBytes) {
    this.in = in;
    this.separator = separator;
    this.maxBytes = maxBytes;
  }

  /// The next record without its separator; a last one without a separator counts too.
  ///
  /// @throws WeirException with TOO_LARGE beyond the limit
  Optional<Bytes> next() throws IOException {
    ByteArrayOutputStream record = new ByteArrayOutputStream(256);
    boolean isStarted = false;
    while (true) {
      if (index == limit) {
        index = 0;
        limit = Math.max(0, in.read(buffer));
        if (limit == 0) {
          return isStarted ? Optional.of(Bytes.wrap(record.toByteArray())) : Optional.empty();
        }
      }
      isStarted = true;
      int end = index;
      while (end < limit && buffer[end] != separator) {
        end++;
      }
      record.write(buffer, index, end - index);
      if (record.size() > maxBytes) {
        throw new WeirException(
            ErrorCode.TOO_LARGE, "A record of the input has more than " + maxBytes + " bytes.");
      }
      boolean isComplete = end < limit;
      index = isComplete ? end + 1 : end;
      if (isComplete) {
        return Optional.of(Bytes.wrap(record.toByteArray()));
      }
    }
  }
}
