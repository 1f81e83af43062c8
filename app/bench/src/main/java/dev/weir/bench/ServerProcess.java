package dev.weir.bench;

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

/// Another program's server on loopback, in a process of its own, ended by its own handle. One
/// thread starts and closes it.
public final class ServerProcess implements AutoCloseable {
  private static final Duration END_WAIT = Duration.ofSeconds(20);
  private static final List<String> FOLDERS =
      List.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin");

  private final Process process;
  private final int port;

  private ServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Where the system's packages have put a program; empty when it is not installed.
  public static Optional<Path> find(String program) {
    return FOLDERS.stream()
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// A port of loopback that nobody listened on a moment ago.
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// Starts it and waits until it listens.
  ///
  /// @param said where what it says goes
  /// @throws IOException when it does not start, with the last lines that it said
  public static ServerProcess start(ProcessBuilder builder, int port, Path said, Duration longest)
      throws IOException {
    Process process =
        Children.start(builder.redirectErrorStream(true).redirectOutput(said.toFile()));
    ServerProcess server = new ServerProcess(process, port);
    try {
      server.awaitListening(longest);
      return server;
    } catch (IOException e) {
      server.close();
      String name = builder.command().getFirst();
      throw new IOException(name + " did not start:\n" + BenchFiles.tail(said), e);
    }
  }

  private void awaitListening(Duration longest) throws IOException {
    long startNanos = System.nanoTime();
    while (true) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        boolean isLate = System.nanoTime() - startNanos > longest.toNanos();
        if (!process.isAlive() || isLate) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }

  public int port() {
    return port;
  }

  /// CPU time of the process and of those that it started and that live.
  public double cpuSeconds() {
    double below =
        process
            .descendants()
            .flatMap(each -> each.info().totalCpuDuration().stream())
            .mapToDouble(time -> time.toNanos() / 1e9)
            .sum();
    return Children.cpuSeconds(process) + below;
  }

  /// Ends it and what it started.
  @Override
  public void close() {
    List<ProcessHandle> started = process.descendants().toList();
    Children.end(process, END_WAIT);
    started.forEach(ProcessHandle::destroyForcibly);
  }
}
