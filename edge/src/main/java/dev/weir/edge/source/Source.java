package dev.weir.edge.source;

import java.util.OptionalInt;

/// Something that messages arise from. Each runs on one virtual thread of its own (HTTP: one for
/// each request) and hands over to an [Intake].
public interface Source extends AutoCloseable {
  String name();

  /// Begins to read; called once.
  void start();

  SourceStats stats();

  /// The port that it listens on; empty when it does not listen.
  default OptionalInt port() {
    return OptionalInt.empty();
  }

  /// Whether its input may come to an end by itself, as standard input does.
  default boolean mayEnd() {
    return false;
  }

  /// Stops reading; what was not handed over is read again at the next start where the source can.
  /// Idempotent, never throws.
  @Override
  void close();
}
