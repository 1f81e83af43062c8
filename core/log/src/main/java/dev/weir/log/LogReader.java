package dev.weir.log;

import dev.weir.base.Bytes;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads a log from one position on, durable frames only. Used by one thread at a time; any number
/// of readers may read one log.
public interface LogReader extends AutoCloseable {
  /// The next event, or null when nothing more is durable right now. Never waits for appends; may
  /// read the disk.
  ///
  /// @throws IOException when a segment cannot be opened; asking again tries again. Damaged bytes
  ///   are no exception but a [LogEvent.Gap]
  @Nullable LogEvent next() throws IOException;

  /// The bytes of a dictionary that the frame which [#next] gave last names: from its own segment,
  /// or, where that copy is damaged, from another one. Empty when no segment has it whole.
  ///
  /// @throws IOException as [#next]
  Bytes dictionary(int id) throws IOException;

  /// The offset that the next event begins at.
  long position();

  /// Gives back memory and file until the next call of [#next]: for a reader whose consumer has
  /// stopped.
  void park();

  /// Releases the reader; idempotent.
  @Override
  void close();
}
