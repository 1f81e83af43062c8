package dev.weir.bench.ship;

import dev.weir.lab.Lab;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Where a program on the far side is to listen.
final class FarAddress {
  private FarAddress() {}

  /// @param portInLab taken where the far side is a namespace of its own; on loopback a port that
  ///   is free now
  static InetSocketAddress of(Lab lab, int portInLab) throws IOException {
    return InetSocketAddress.createUnresolved(lab.host(), lab.isNetwork() ? portInLab : freePort());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /// `HOST:PORT`.
  static String words(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }
}
