package dev.weir.bench.ship;

import dev.weir.base.Bytes;
import dev.weir.bench.data.DataPool;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a file holds of the lines that were shipped to it.
///
/// @param messages of the timed part that are there, whole and as they were sent
/// @param bytes of them, without the ends of lines
/// @param verdict on all that was sent
record LineAudit(long messages, long bytes, ShipAudit.Verdict verdict) {
  private static final int BUFFER_BYTES = 1 << 18;

  /// @param firstTimed the number of the first line of the timed part
  /// @param sentCount lines from 0 on that were sent
  static LineAudit of(Path file, DataPool lines, long firstTimed, long sentCount)
      throws IOException {
    BodyCount count = new BodyCount(lines, sentCount);
    long messages = 0;
    long bytes = 0;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next != '\n') {
          line.write(next);
          continue;
        }
        Bytes body = Bytes.wrap(line.toByteArray());
        line.reset();
        if (count.add(body) && lines.number(body) >= firstTimed) {
          messages++;
          bytes += body.length();
        }
      }
    }
    return new LineAudit(messages, bytes, count.verdict());
  }
}
