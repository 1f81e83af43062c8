package dev.weir.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A core as one person reaches it, kept under a name: `weir context`.
///
/// @param servers in order of preference, at least one
/// @param authority PEM: who signs the server's certificate; none: those of the JDK
/// @param certificate PEM: a certificate to show
/// @param key PEM: its private key
/// @param tokenFile whose first line is shown as token
public record ContextSettings(
    List<CoreAddress> servers,
    Optional<Path> authority,
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<Path> tokenFile) {
  public ContextSettings {
    servers = List.copyOf(servers);
  }
}
