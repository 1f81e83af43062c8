package dev.weir.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A core behind a wire, its edges, and readers of what it stored: one installation in a directory.
/// One thread drives it.
final class Site implements AutoCloseable {
  private final Path directory;
  private final Member core;
  private final TcpRelay relay;
  private final List<Member> edges = new ArrayList<>();

  /// An installation whose core is not started yet.
  Site(Path directory) throws IOException {
    this(directory, new Launch(directory.resolve("core-output")));
  }

  /// One whose core is started in a given way.
  Site(Path directory, Launch coreLaunch, String... coreOptions) throws IOException {
    this.directory = directory;
    List<String> command = new ArrayList<>();
    command.addAll(List.of("serve", "--data", coreData().toString(), "--listen", "127.0.0.1:0"));
    command.addAll(List.of(coreOptions));
    core = new Member(coreLaunch, command.toArray(String[]::new));
    InetAddress loopback = InetAddress.getLoopbackAddress();
    relay = new TcpRelay(InetSocketAddress.createUnresolved(loopback.getHostAddress(), 9));
  }

  Path coreData() {
    return directory.resolve("core");
  }

  Member core() {
    return core;
  }

  TcpRelay relay() {
    return relay;
  }

  /// The core's address as clients behind the wire know it: the same one after every restart.
  String url() {
    return "weir://127.0.0.1:" + relay.port();
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
    List<String> command = new ArrayList<>(List.of("edge"));
    command.addAll(List.of(source));
    command.addAll(List.of("--to", url(), "--topic", topic));
    command.addAll(List.of("--spool", spool(name).toString()));
    Launch launch = new Launch(directory.resolve("edge-output")).heap("96m");
    Member edge = new Member(launch, command.toArray(String[]::new));
    edges.add(edge);
    return edge.start();
  }

  Path spool(String name) {
    return directory.resolve("spool-" + name);
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
            core.server())) {
      int status = reader.awaitExit();
      if (status != 0) {
        throw new AssertionError("sub ended with " + status + reader.describe());
      }
      return StoredMessage.readAll(reader.output());
    }
  }

  @Override
  public void close() {
    edges.forEach(Member::close);
    core.close();
    relay.close();
  }
}
