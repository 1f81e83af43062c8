package dev.weir.it;

import dev.weir.lab.TcpRelay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A core behind a wire, its edges, and readers of what it stored: one installation in a directory.
/// One thread drives it.
final class Site implements AutoCloseable {
  /// The oracle asserts one order of each source. What a reader gets does not tell lanes, so an
  /// outage long enough for a second one would look like disorder. Lanes are rolled around crashes
  /// by the edge's own tests. A campaign of 200 rounds stores three million messages, and a busy
  /// machine reads them slowly.
  private static final Duration READ_DEADLINE = Duration.ofMinutes(10);

  private static final Map<String, String> ONE_ORDER =
      Map.of("WEIR__EDGE__SPOOL__BACKFILL", "inOrder");

  private final Path directory;
  private final Path coreData;
  private final Member core;
  private final TcpRelay relay;
  private final List<Member> edges = new ArrayList<>();
  private final List<WeirProcess> readers = new ArrayList<>();

  /// An installation whose core is not started yet.
  Site(Path directory) throws IOException {
    this(directory, new Launch(directory.resolve("core-output")));
  }

  /// One whose core is started in a given way.
  Site(Path directory, Launch coreLaunch) throws IOException {
    this(directory, directory.resolve("core"), coreLaunch);
  }

  /// One whose core keeps its data elsewhere: on a disk of its own.
  Site(Path directory, Path coreData, Launch coreLaunch) throws IOException {
    this.directory = directory;
    this.coreData = coreData;
    core =
        new Member(coreLaunch, "serve", "--data", coreData.toString(), "--listen", "127.0.0.1:0");
    InetAddress loopback = InetAddress.getLoopbackAddress();
    relay = new TcpRelay(InetSocketAddress.createUnresolved(loopback.getHostAddress(), 9));
  }

  Path coreData() {
    return coreData;
  }

  Member core() {
    return core;
  }

  TcpRelay relay() {
    return relay;
  }

  /// The core's address as clients behind the wire know it: the same one after every restart.
  String url() {
    return "weir://" + authority();
  }

  /// The same as host and port.
  String authority() {
    return "127.0.0.1:" + relay.port();
  }

  /// Starts the core, waits until it is ready and aims the wire at it.
  void startCore() {
    core.start();
    awaitCore();
  }

  /// Waits until the core that was started is ready.
  void awaitCore() {
    relay.aim(core.awaitReady().requireAddress());
  }

  /// Adds and starts an edge with a spool of its own; `source` are its source options.
  Member addEdge(String name, String topic, String... source) {
    return addEdge(name, topic, spool(name), Map.of(), source);
  }

  /// Adds and starts an edge whose spool lies where the test wants it.
  Member addEdge(
      String name, String topic, Path spool, Map<String, String> environment, String... source) {
    List<String> command = new ArrayList<>(List.of("edge"));
    command.addAll(List.of(source));
    command.addAll(List.of("--to", url(), "--topic", topic));
    command.addAll(List.of("--spool", spool.toString(), "--ops", "127.0.0.1:0"));
    Launch launch =
        new Launch(directory.resolve("edge-output-" + name))
            .heap("96m")
            .environment(ONE_ORDER)
            .environment(environment);
    Member edge = new Member(launch, command.toArray(String[]::new));
    edges.add(edge);
    return edge.start();
  }

  /// A loopback port that nobody listens on now, for a process that must come back on the same one.
  static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  Path spool(String name) {
    return directory.resolve("spool-" + name);
  }

  /// A reader that starts from the first message and stays, through every fault of core and wire.
  WeirProcess follow(String filter) {
    WeirProcess reader =
        new Launch(directory.resolve("follow-output"))
            .start("sub", filter, "--from", "first", "--format", "ndjson", "--server", url());
    readers.add(reader);
    return reader;
  }

  /// Everything that is stored now under a filter, as a reader who comes late gets it.
  List<StoredMessage> stored(String filter) throws IOException {
    Launch launch = new Launch(Files.createDirectories(directory.resolve("read-output")));
    try (WeirProcess reader =
        launch.start(
            "sub",
            filter,
            "--from",
            "first",
            "--exit-at-end",
            "--format",
            "ndjson",
            "--server",
            "weir://" + core.server())) {
      int status = reader.awaitExit(READ_DEADLINE);
      if (status != 0) {
        throw new AssertionError("sub ended with " + status + reader.describe());
      }
      return StoredMessage.readAll(reader.output());
    }
  }

  @Override
  public void close() {
    readers.forEach(WeirProcess::close);
    edges.forEach(Member::close);
    core.close();
    relay.close();
  }
}
