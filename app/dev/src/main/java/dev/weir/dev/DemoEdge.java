package dev.weir.dev;

import dev.weir.base.Clock;
import dev.weir.config.WeirConfig;
import dev.weir.node.EdgeGlance;
import dev.weir.node.EdgeNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// One collector of the demonstration: metrics on its standard input, log lines in a file that it
/// follows. One virtual thread plays the program that writes the file.
final class DemoEdge implements AutoCloseable {
  private final String name;
  private final SyntheticSource metrics;
  private final SyntheticSource logs;
  private final Thread writer;
  private final EdgeNode node;

  private DemoEdge(
      String name, SyntheticSource metrics, SyntheticSource logs, Thread writer, EdgeNode node) {
    this.name = name;
    this.metrics = metrics;
    this.logs = logs;
    this.writer = writer;
    this.node = node;
  }

  static DemoEdge start(
      String name,
      Path folder,
      int corePort,
      int linesPerSecond,
      String version,
      Clock clock,
      RandomGenerator random)
      throws IOException {
    Path logFile = folder.resolve(name + ".log");
    Files.createFile(logFile);
    SyntheticSource metrics =
        new SyntheticSource(SyntheticSource.Kind.METRICS, linesPerSecond, clock, random);
    SyntheticSource logs =
        new SyntheticSource(SyntheticSource.Kind.LOGS, linesPerSecond, clock, random);
    EdgeNode node =
        EdgeNode.start(config(name, folder, corePort, logFile), metrics, version, clock);
    Thread writer =
        Thread.ofVirtual().name("weir-dev-writer-" + name).start(() -> write(logs, logFile));
    return new DemoEdge(name, metrics, logs, writer, node);
  }

  private static WeirConfig config(String name, Path folder, int corePort, Path logFile) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("edge.to", "weir://127.0.0.1:" + corePort);
    settings.put("edge.spool.dir", folder.resolve(name + ".spool").toString());
    settings.put("edge.spool.freeDiskFloor", "0B");
    settings.put("edge.spool.maxBytes", "1GiB");
    settings.put("edge.ops", "127.0.0.1:0");
    settings.put("edge.inputs.0.type", "stdin");
    settings.put("edge.inputs.0.topic", "dev/" + name + "/metrics");
    settings.put("edge.inputs.1.type", "file");
    settings.put("edge.inputs.1.topic", "dev/" + name + "/logs");
    settings.put("edge.inputs.1.paths.0", logFile.toString());
    return NodeConfigs.of(settings);
  }

  /// The program whose log file the edge follows.
  private static void write(InputStream lines, Path logFile) {
    try (OutputStream out = Files.newOutputStream(logFile)) {
      lines.transferTo(out);
    } catch (IOException e) {
      throw new IllegalStateException("the demonstration cannot write " + logFile, e);
    }
  }

  String name() {
    return name;
  }

  EdgeGlance glance() {
    return node.glance();
  }

  /// Lines that arose so far, by the topic that they go to.
  Map<String, Integer> sent() {
    return Map.of(
        "dev/" + name + "/metrics", metrics.sentCount(), "dev/" + name + "/logs", logs.sentCount());
  }

  /// Whether lines still arise.
  boolean isFlowing() {
    return !metrics.isStopped();
  }

  /// Ends the sources; what arose is still shipped.
  void stopSources() {
    metrics.stop();
    logs.stop();
  }

  @Override
  public void close() {
    stopSources();
    try {
      writer.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    node.close();
  }
}
