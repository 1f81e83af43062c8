package dev.weir.bench.ops;

import dev.weir.bench.Children;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// redis-server or nats-server as the system's packages bring it, on loopback, without a disk.
final class PeerServer implements AutoCloseable {
  private static final Duration START_WAIT = Duration.ofSeconds(10);
  private static final List<String> FOLDERS =
      List.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin");

  private final Process process;
  private final int port;

  private PeerServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Empty when the program is not installed.
  static Optional<PeerServer> start(OpsWay way) throws IOException {
    String name = way == OpsWay.REDIS ? "redis-server" : "nats-server";
    Optional<Path> program =
        FOLDERS.stream()
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst();
    if (program.isEmpty()) {
      return Optional.empty();
    }
    int port = freePort();
    List<String> words =
        way == OpsWay.REDIS
            ? List.of(
                program.get().toString(),
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--save",
                "",
                "--appendonly",
                "no")
            : List.of(program.get().toString(), "-a", "127.0.0.1", "-p", Integer.toString(port));
    Process process =
        Children.start(
            new ProcessBuilder(words)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD));
    PeerServer server = new PeerServer(process, port);
    server.awaitListening(name);
    return Optional.of(server);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitListening(String name) throws IOException {
    long deadline = System.nanoTime() + START_WAIT.toNanos();
    while (true) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() - deadline > 0) {
          close();
          throw new IOException(name + " did not start", e);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }

  int port() {
    return port;
  }

  double cpuSeconds() {
    return Children.cpuSeconds(process);
  }

  @Override
  public void close() {
    Children.end(process, Duration.ofSeconds(5));
  }
}
