package dev.weir.gateway.port;

import org.jspecify.annotations.Nullable;

/// Where the connections of a port may go beside gRPC.
///
/// @param operations the port's own HTTP
/// @param http takes HTTP/1.1: the same, or a door of the caller's
/// @param wire null refuses wire
record Doors(HttpDoor operations, RawDoor http, @Nullable RawDoor wire) {
  void close() {
    operations.close();
  }
}
