package dev.weir.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A core in a process of its own, ended by its own handle.
final class CoreProcess implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("ready on (\\S+)");

  private final Process process;
  private final URI target;

  private CoreProcess(Process process, URI target) {
    this.process = process;
    this.target = target;
  }

  /// Starts a core and waits until it listens.
  static CoreProcess start(List<String> coreCommand, Path data) throws IOException {
    List<String> command = new ArrayList<>(coreCommand);
    command.addAll(List.of("--data", data.toString(), "--listen", "127.0.0.1:0"));
    Process process =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    String line = errors.readLine();
    while (line != null) {
      said.append(line).append('\n');
      Matcher matcher = READY.matcher(line);
      if (matcher.find()) {
        Thread.ofVirtual().name("weir-bench-core-output").start(() -> drain(errors));
        return new CoreProcess(process, URI.create("weir://" + matcher.group(1)));
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
    return target;
  }

  /// CPU time that the core has used.
  double cpuSeconds() {
    return process.info().totalCpuDuration().map(d -> d.toNanos() / 1e9).orElse(Double.NaN);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
