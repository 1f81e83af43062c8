package dev.weir.router;

import dev.weir.wire.MemoryBudget;
import dev.weir.wire.Transport;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// A router in a process of its own, so that what it holds is told from what its clients and its
/// node hold. It answers each line with a line of figures, and ends with its input.
final class RouterProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader from;
  private final BufferedWriter to;
  private final int port;

  /// What a router holds at one moment.
  ///
  /// @param heldBytes frames that wait
  /// @param bufferBytes direct memory that its buffers use
  record Figures(long heldBytes, long bufferBytes) {
    Figures most(Figures other) {
      return new Figures(
          Math.max(heldBytes, other.heldBytes), Math.max(bufferBytes, other.bufferBytes));
    }
  }

  private RouterProcess(Process process, BufferedReader from, BufferedWriter to, int port) {
    this.process = process;
    this.from = from;
    this.to = to;
    this.port = port;
  }

  /// Starts a router to one node.
  static RouterProcess start(int nodePort) throws IOException {
    List<String> words =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            RouterProcess.class.getName(),
            Integer.toString(nodePort));
    Process process =
        new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader from = process.inputReader(StandardCharsets.US_ASCII);
    BufferedWriter to = process.outputWriter(StandardCharsets.US_ASCII);
    String port = from.readLine();
    if (port == null) {
      process.destroyForcibly();
      throw new IOException("the router did not start");
    }
    return new RouterProcess(process, from, to, Integer.parseInt(port));
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  Figures figures() throws IOException {
    to.write("?\n");
    to.flush();
    String line = from.readLine();
    if (line == null) {
      throw new IOException("the router has ended");
    }
    String[] figures = line.split(" ", -1);
    return new Figures(Long.parseLong(figures[0]), Long.parseLong(figures[1]));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /// The child's side: the port of its node.
  public static void main(String[] args) throws IOException {
    WireContext context = WireContext.of("router");
    InetAddress here = InetAddress.getLoopbackAddress();
    StorageNode node =
        new StorageNode("node", new InetSocketAddress(here, Integer.parseInt(args[0])));
    try (WireLoops loops = WireLoops.start("router", 1, Transport.best());
        Router router =
            Router.start(
                loops,
                context,
                new InetSocketAddress(here, 0),
                SlotMap.even(List.of(node)),
                RouterLimits.STANDARD);
        BufferedReader asked =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      System.out.println(router.port());
      while (asked.readLine() != null) {
        System.out.println(context.budget().heldBytes() + " " + MemoryBudget.bufferBytes());
      }
    }
  }
}
