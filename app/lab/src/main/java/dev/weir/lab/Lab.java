package dev.weir.lab;

import dev.weir.base.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/// A network path to order, between a near side with edges and clients and a far side with a core.
/// Its settings may change while bytes are on their way. Any thread may use it.
public sealed interface Lab extends AutoCloseable permits TunLab, RelayLab {
  /// A path between two network namespaces when this process is root on Linux with TUN and
  /// iproute2, else a relay over loopback.
  ///
  /// @param random draws losses and reorderings
  static Lab open(PathSettings settings, Clock clock, RandomGenerator random) throws IOException {
    return isPossible() ? TunLab.open(settings, clock, random) : RelayLab.open(settings, clock);
  }

  /// Whether this process may make namespaces.
  static boolean isPossible() {
    return "root".equals(System.getProperty("user.name"))
        && Files.exists(Path.of("/dev/net/tun"))
        && hasIp();
  }

  private static boolean hasIp() {
    return List.of("/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip", "/bin/ip").stream()
        .anyMatch(ip -> Files.isExecutable(Path.of(ip)));
  }

  /// Whether packets are lost, reordered and queued as on a network. A relay splits the TCP
  /// connection in two and only delays and limits its bytes.
  boolean isNetwork();

  /// What it is, for people and reports.
  String description();

  /// The words that start a program on a side; the process is the program itself, not a child.
  List<String> command(Side side, List<String> words);

  /// Runs a task on a thread of its own that is on a side: sockets that it opens belong there, and
  /// may be used by any thread afterwards.
  <T> T within(Side side, Callable<T> task) throws IOException;

  /// The address on which a server on the far side must listen.
  String host();

  /// Where the near side reaches a server that listens on the far one.
  InetSocketAddress dial(InetSocketAddress server) throws IOException;

  /// Changes one direction.
  void change(Way way, LineSettings settings);

  LineTotals totals(Way way);

  /// Changes both directions.
  default void change(LineSettings settings) {
    for (Way way : Way.values()) {
      change(way, settings);
    }
  }

  /// Takes everything down. Idempotent, never throws.
  @Override
  void close();
}
