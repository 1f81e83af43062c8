package dev.weir.config;

import dev.weir.base.ByteSize;
import java.nio.file.Path;

/// What a core listens on, where it keeps its data and what it accepts.
///
/// @param insecureBind an address beyond loopback is meant
public record ServerConfig(
    HostPort listen, Path dataDir, ByteSize maxMessage, boolean insecureBind) {}
