package dev.weir.bench.ops;

import dev.weir.bench.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// redis-server or nats-server as the system's packages bring it, on loopback, without a disk.
final class PeerServer {
  private static final Duration START_WAIT = Duration.ofSeconds(10);
  private static final Path NOWHERE = Path.of("/dev/null");

  private PeerServer() {}

  /// Empty when the program is not installed.
  static Optional<ServerProcess> start(OpsWay way) throws IOException {
    Optional<Path> program =
        ServerProcess.find(way == OpsWay.REDIS ? "redis-server" : "nats-server");
    if (program.isEmpty()) {
      return Optional.empty();
    }
    int port = ServerProcess.freePort();
    ProcessBuilder builder = new ProcessBuilder(words(way, program.get().toString(), port));
    return Optional.of(ServerProcess.start(builder, port, NOWHERE, START_WAIT));
  }

  private static List<String> words(OpsWay way, String program, int port) {
    String number = Integer.toString(port);
    return way == OpsWay.REDIS
        ? List.of(
            program, "--bind", "127.0.0.1", "--port", number, "--save", "", "--appendonly", "no")
        : List.of(program, "-a", "127.0.0.1", "-p", number);
  }
}
