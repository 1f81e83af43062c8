package dev.weir.node;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// What a node calls itself where nobody said how.
final class NodeName {
  private NodeName() {}

  /// The machine's name and the port.
  static String of(int port) {
    return host("localhost") + ":" + port;
  }

  /// The machine's name.
  ///
  /// @param unknown for a machine that has none
  static String host(String unknown) {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      return unknown;
    }
  }
}
