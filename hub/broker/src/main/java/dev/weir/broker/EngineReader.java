package dev.weir.broker;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads a partition from one position on, durable batches only. Used by one thread at a time.
public interface EngineReader extends AutoCloseable {
  /// The next event, or null when nothing more is durable now. May read the disk.
  ///
  /// @throws IOException when the disk refuses; asking again tries again
  @Nullable StoredEvent next() throws IOException;

  /// The offset that the next event begins at.
  long position();

  /// Gives back memory until the next call of [#next].
  void park();

  /// Idempotent, never throws.
  @Override
  void close();
}
