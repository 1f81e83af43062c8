package dev.weir.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A core, or an edge, in a process of its own, ended by its own handle.
public final class CoreProcess implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("ready on (\\S+):(\\d+)");

  private static final Duration END_WAIT = Duration.ofSeconds(10);

  private final Process process;
  private final InetSocketAddress address;

  private CoreProcess(Process process, InetSocketAddress address) {
    this.process = process;
    this.address = address;
  }

  /// Starts a core on loopback and waits until it listens.
  static CoreProcess start(List<String> coreCommand, Path data) throws IOException {
    return start(coreCommand, data, "127.0.0.1:0");
  }

  /// Starts a core and waits until it listens.
  ///
  /// @param coreCommand `--data DIR --listen HOST:PORT` is added
  public static CoreProcess start(List<String> coreCommand, Path data, String listen)
      throws IOException {
    List<String> command = new ArrayList<>(coreCommand);
    command.addAll(List.of("--data", data.toString(), "--listen", listen));
    return start(command);
  }

  /// Starts a server that says `ready on HOST:PORT` on its standard error, and waits for that.
  public static CoreProcess start(List<String> command) throws IOException {
    return start(command, READY);
  }

  /// Starts a server and waits for a line of its standard error.
  ///
  /// @param ready of host and port
  static CoreProcess start(List<String> command, Pattern ready) throws IOException {
    Process process =
        Children.start(new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD));
    BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    String line = errors.readLine();
    while (line != null) {
      said.append(line).append('\n');
      Matcher matcher = ready.matcher(line);
      if (matcher.find()) {
        Thread.ofVirtual().name("weir-bench-core-output").start(() -> drain(errors));
        int port = Integer.parseInt(matcher.group(2));
        return new CoreProcess(process, InetSocketAddress.createUnresolved(matcher.group(1), port));
      }
      line = errors.readLine();
    }
    process.destroyForcibly();
    throw new IOException("the core did not start:\n" + said);
  }

  private static void drain(BufferedReader errors) {
    try {
      while (errors.readLine() != null) {
        // A full pipe would stop the core.
      }
    } catch (IOException _) {
      // The core has ended.
    }
  }

  URI target() {
    // The figures on record are over gRPC.
    return URI.create("grpc://" + address.getHostString() + ":" + address.getPort());
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return address;
  }

  /// CPU time that the core has used.
  public double cpuSeconds() {
    return Children.cpuSeconds(process);
  }

  /// What it has used so far.
  Footprint footprint() throws IOException {
    return Footprint.of(process.toHandle());
  }

  @Override
  public void close() {
    Children.end(process, END_WAIT);
  }
}
