package dev.weir.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Who may come in over wire, beside what TLS asks for, and what is offered to the other end.
///
/// @param tokens lines `NAME TOKEN`; present: clients show one of them
/// @param checksum whether frames carry a checksum where the other end offers it, too
/// @param compression whether bodies are compressed where the other end offers it, too
/// @param lease how many calls each connection may begin
/// @param spin for how long event loops look for work before they sleep; zero for not at all
public record WireSettings(
    Optional<Path> tokens, boolean checksum, boolean compression, Lease lease, Duration spin) {
  /// So many calls a period.
  ///
  /// @param calls 0 for as many as a client likes
  public record Lease(int calls, Duration period) {}
}
