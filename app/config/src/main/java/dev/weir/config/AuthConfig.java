package dev.weir.config;

import dev.weir.base.ByteSize;
import java.nio.file.Path;
import java.util.Optional;

/// Who is let in.
///
/// @param file users, keys and permissions (`auth.yaml`); none lets everybody in
/// @param audit where decisions are written down; none for nowhere
/// @param auditBytes of one file of the audit
/// @param auditFiles full ones that are kept
public record AuthConfig(
    Optional<Path> file, Optional<Path> audit, ByteSize auditBytes, int auditFiles) {}
