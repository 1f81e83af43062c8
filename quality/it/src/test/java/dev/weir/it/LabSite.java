package dev.weir.it;

import dev.weir.base.Clock;
import dev.weir.lab.Lab;
import dev.weir.lab.PathSettings;
import dev.weir.lab.Side;
import dev.weir.lab.Way;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// A core on the far side of a lab and an edge that tails a file on the near one, with beats of
/// their own choice. Without root the lab is a relay, and the site says so. One thread drives it.
final class LabSite implements AutoCloseable {
  private static final Pattern METRICS = Pattern.compile("metrics at (http://\\S+)");

  private final Path directory;
  private final Lab lab;
  private final PathSettings path;
  private final Member core;
  private final Member edge;

  /// Starts the core and the edge.
  ///
  /// @param heartbeat as configuration writes it: `500ms`
  LabSite(
      Path directory,
      PathSettings path,
      String heartbeat,
      Path tailed,
      RandomGenerator random,
      PrintStream out)
      throws IOException {
    this.directory = directory;
    this.path = path;
    lab = Lab.open(path, Clock.SYSTEM, random);
    out.println("over a " + lab.description());
    Map<String, String> settings =
        Map.of("WEIR__FLOW__HEARTBEAT", heartbeat, "WEIR__SERVER__INSECURE_BIND", "true");
    String port = lab.isNetwork() ? "4750" : "0";
    core =
        new Member(
                launch("core", Side.FAR).environment(settings),
                "serve",
                "--data",
                directory.resolve("core").toString(),
                "--listen",
                lab.host() + ":" + port)
            .start()
            .awaitReady();
    InetSocketAddress dialled = lab.dial(core.requireAddress());
    edge =
        new Member(
                launch("edge", Side.NEAR).heap("96m").environment(settings),
                "edge",
                "--tail",
                tailed.toString(),
                "--topic",
                "load/tail",
                "--to",
                "weir://" + dialled.getHostString() + ":" + dialled.getPort(),
                "--spool",
                directory.resolve("spool").toString(),
                "--ops",
                "127.0.0.1:0")
            .start()
            .awaitReady();
  }

  private Launch launch(String name, Side side) {
    return new Launch(directory.resolve(name + "-output")).on(words -> lab.command(side, words));
  }

  Member edge() {
    return edge;
  }

  /// A figure of the edge, from its metrics.
  double edgeMetric(String name) throws IOException {
    String metrics = edge.process().awaitError(METRICS).group(1);
    String text =
        lab.within(
            Side.NEAR,
            () -> {
              try (InputStream in = URI.create(metrics).toURL().openStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
              }
            });
    return text.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metric " + name + " in\n" + text));
  }

  /// Lets nothing through in one direction, and tells nobody.
  void stall(Way way) {
    lab.change(way, path.line().withStalled(true));
  }

  /// Lets nothing through at all: a cable is pulled.
  void cut() {
    lab.change(path.line().withStalled(true));
  }

  /// Ends a stall or a cut.
  void mend() {
    lab.change(path.line());
  }

  long droppedPackets() {
    return lab.totals(Way.OUT).dropped() + lab.totals(Way.BACK).dropped();
  }

  /// Everything that is stored now, as a reader beside the core gets it.
  Iterable<String> stored() throws IOException {
    Launch launch = launch("read", Side.FAR);
    Files.createDirectories(directory.resolve("read-output"));
    try (WeirProcess reader =
        launch.start(
            "sub",
            "load/#",
            "--from",
            "first",
            "--exit-at-end",
            "--format",
            "ndjson",
            "--server",
            "weir://" + core.server())) {
      int status = reader.awaitExit();
      if (status != 0) {
        throw new AssertionError("sub ended with " + status + reader.describe());
      }
      return StoredMessage.readAll(reader.output()).stream().map(StoredMessage::body).toList();
    }
  }

  @Override
  public void close() {
    edge.close();
    core.close();
    lab.close();
  }
}
