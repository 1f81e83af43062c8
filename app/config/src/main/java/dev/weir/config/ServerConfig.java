package dev.weir.config;

import dev.weir.base.ByteSize;
import java.nio.file.Path;
import java.util.List;

/// What a core listens on, where it keeps its data and what it accepts.
///
/// @param insecureBind an address beyond loopback is meant
/// @param ops where a storage node or a router serves its metrics; one of all roles does on
///   `listen`
/// @param tls of `listen`
/// @param proxies who may speak for others
/// @param limits of `listen`
public record ServerConfig(
    ServerRole role,
    HostPort listen,
    Path dataDir,
    ByteSize maxMessage,
    boolean insecureBind,
    HostPort ops,
    WebSettings web,
    TlsSettings tls,
    List<AddressRange> proxies,
    ListenLimits limits) {}
