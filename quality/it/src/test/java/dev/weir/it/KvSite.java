package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;

import dev.weir.kv.KvClient;
import dev.weir.wire.Transport;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Two storage nodes behind a router, each a process of its own, and clients in this one. One
/// thread drives it.
final class KvSite implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("ready on (\\S+) after .* at (http\\S+)");
  private static final Duration CALL = Duration.ofSeconds(30);

  /// Long enough to start a JVM while another build takes both cores.
  private static final Duration START = Duration.ofSeconds(45);

  private final Path directory;
  private final WireLoops loops = WireLoops.start("it", 1, Transport.best());
  private final WireContext context = WireContext.of("it");
  private final Map<String, Integer> ports = new TreeMap<>();
  private final Map<String, WireProcess> storages = new TreeMap<>();
  private final List<KvClient> clients = new ArrayList<>();
  private final Path config;
  private WireProcess router;

  /// A process and where its metrics are.
  record WireProcess(WeirProcess process, String address, String metrics) {
    double metric(String name) {
      Matcher line = Pattern.compile("(?m)^" + name + " (\\S+)$").matcher(Daemon.page(metrics));
      return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
    }
  }

  KvSite(Path directory) throws IOException {
    this.directory = directory;
    this.config = directory.resolve("router.yaml");
    for (String name : List.of("a", "b")) {
      ports.put(name, Site.freePort());
      launchStorage(name);
    }
    ports.keySet().forEach(this::awaitStorage);
    writeMap(1, "  - {name: a, address: 127.0.0.1:%d}\n  - {name: b, address: 127.0.0.1:%d}\n");
    router =
        ready(
            new Launch(directory.resolve("router"))
                .start(
                    "serve",
                    "--role",
                    "router",
                    "--listen",
                    "127.0.0.1:0",
                    "--ops",
                    "127.0.0.1:0",
                    "--config",
                    config.toString()));
  }

  /// Writes the router's list of storages, which takes the two ports.
  void writeMap(int version, String storages) throws IOException {
    String text =
        "version: 1\nrouter:\n  mapVersion: %d\n  storages:\n".formatted(version)
            + storages.formatted(ports.get("a"), ports.get("b"));
    Path fresh = Files.writeString(directory.resolve("router.yaml.new"), text);
    Files.move(
        fresh,
        config,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private void launchStorage(String name) {
    WeirProcess process =
        new Launch(directory.resolve("storage-" + name))
            .start(
                "serve",
                "--role",
                "storage",
                "--data",
                directory.resolve("data-" + name).toString(),
                "--listen",
                "127.0.0.1:" + ports.get(name),
                "--ops",
                "127.0.0.1:0");
    storages.put(name, new WireProcess(process, "", ""));
  }

  private void awaitStorage(String name) {
    storages.put(name, ready(storage(name).process()));
  }

  private static WireProcess ready(WeirProcess process) {
    Matcher ready = process.awaitError(READY);
    return new WireProcess(process, ready.group(1), ready.group(2));
  }

  /// Starts a node that has ended, on its port and data.
  void restartStorage(String name) {
    storage(name).process().close();
    launchStorage(name);
    awaitStorage(name);
    eventually(
        "the router has found it again",
        START,
        () -> router.metric("weir_router_nodes_reached") == 2);
  }

  WireProcess storage(String name) {
    return Objects.requireNonNull(storages.get(name));
  }

  WireProcess router() {
    return router;
  }

  /// A client of the router with a connection of its own.
  KvClient client() {
    KvClient client = new KvClient(connector(), routerAddress(), CALL);
    clients.add(client);
    return client;
  }

  WireConnector connector() {
    return new WireConnector(loops, context);
  }

  InetSocketAddress routerAddress() {
    int port = Integer.parseInt(router.address().replaceFirst(".*:", ""));
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public void close() {
    clients.forEach(KvClient::close);
    if (router != null) {
      router.process().close();
    }
    storages.values().forEach(storage -> storage.process().close());
    loops.close();
  }
}
