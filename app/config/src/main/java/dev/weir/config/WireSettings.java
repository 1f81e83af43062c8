package dev.weir.config;

import java.nio.file.Path;
import java.util.Optional;

/// Who may come in over wire, beside what TLS asks for, and what is offered to the other end.
///
/// @param tokens lines `NAME TOKEN`; present: clients show one of them
/// @param checksum whether frames carry a checksum where the other end offers it, too
/// @param compression whether bodies are compressed where the other end offers it, too
public record WireSettings(Optional<Path> tokens, boolean checksum, boolean compression) {}
