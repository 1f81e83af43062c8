package dev.weir.tls;

import java.time.Instant;
import java.util.Optional;

/// What became of key files.
///
/// @param taken how often changed files were put in force
/// @param refused how often changed files could not be
/// @param isCurrent whether what is in force is what the files last said
/// @param notAfter when the first of the own certificates ends; empty without one
public record KeyStats(long taken, long refused, boolean isCurrent, Optional<Instant> notAfter) {
  /// Of a process without key files.
  public static final KeyStats NONE = new KeyStats(0, 0, true, Optional.empty());
}
