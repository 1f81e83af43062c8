package dev.weir.config;

import java.nio.file.Path;
import java.util.Optional;

/// Who may come in over wire, beside what TLS asks for.
///
/// @param tokens lines `NAME TOKEN`; present: clients show one of them
public record WireSettings(Optional<Path> tokens) {}
