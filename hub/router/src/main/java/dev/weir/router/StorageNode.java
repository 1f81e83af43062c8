package dev.weir.router;

import dev.weir.base.Checks;
import java.net.InetSocketAddress;

/// A node that keeps some of the slots.
///
/// @param id its name, the same over all versions of the map
/// @param address where it serves wire
public record StorageNode(String id, InetSocketAddress address) {
  public StorageNode {
    Checks.argument(!id.isBlank(), "the storage node's id is empty");
  }
}
