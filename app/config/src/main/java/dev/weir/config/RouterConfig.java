package dev.weir.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Where a router passes calls on to, and as whom.
///
/// @param name what it calls itself to storage nodes; empty for its host's name and port
/// @param announce how often it tells them its map, 50 ms to 60 s
/// @param mapVersion 1 or more; a changed list of storages counts when it is higher
/// @param ca PEM of those who sign the storages' certificates; present: TLS
/// @param certificate PEM, with its chain, that is shown to storages
/// @param key PEM of PKCS #8, of the certificate
/// @param token a file that holds the token that is shown to storages
public record RouterConfig(
    Optional<String> name,
    Duration announce,
    int mapVersion,
    List<Storage> storages,
    Optional<Path> ca,
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<Path> token) {
  /// A storage node.
  ///
  /// @param slots which slots it keeps; empty for an even share
  public record Storage(String name, HostPort address, Optional<SlotRanges> slots) {}
}
