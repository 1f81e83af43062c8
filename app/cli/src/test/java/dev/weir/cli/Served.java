package dev.weir.cli;

import dev.weir.base.Clock;
import dev.weir.config.ConfigLoader;
import dev.weir.config.LoadResult;
import dev.weir.config.LoadScope;
import dev.weir.node.CoreNode;
import dev.weir.node.KvNode;
import dev.weir.node.RouterNode;
import dev.weir.node.ServerNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `weir serve` runs, in this process: the node of a role on ports of its own, and for a
/// router a storage node behind it.
final class Served implements AutoCloseable {
  private final Path directory;
  private final List<ServerNode> nodes = new ArrayList<>();

  Served(Path directory) {
    this.directory = directory;
  }

  /// Starts the node of a role; the settings are its own.
  ///
  /// @return `HOST:PORT`
  String start(String role, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    if (role.equals("router")) {
      all.put("router.storages.0.name", "a");
      all.put("router.storages.0.address", start("storage", Map.of()));
    }
    all.put("server.role", role);
    all.put("server.listen", "127.0.0.1:0");
    all.put("server.ops", "127.0.0.1:0");
    all.put("server.dataDir", directory.resolve("data-" + nodes.size()).toString());
    LoadResult loaded =
        ConfigLoader.load(List.of(), Map.of(), all, new LoadScope(LoadScope.Role.CORE, false));
    if (!(loaded instanceof LoadResult.Loaded(var config, var _, var _))) {
      throw new IllegalStateException(loaded.toString());
    }
    try {
      ServerNode node = ServerNode.start(config, "test", Clock.SYSTEM);
      nodes.add(node);
      return node.address().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where the metrics of a node are.
  ///
  /// @param address as [#start] returned it
  String ops(String address) {
    ServerNode node =
        nodes.stream()
            .filter(n -> n.address().toString().equals(address))
            .findFirst()
            .orElseThrow();
    return switch (node) {
      case CoreNode core -> core.address().toString();
      case KvNode storage -> storage.opsAddress().toString();
      case RouterNode router -> router.opsAddress().toString();
    };
  }

  /// The first node that was started.
  String first() {
    return nodes.getFirst().address().toString();
  }

  /// Runs a command against a server.
  ///
  /// @param input of the command; null for none
  static Ended run(String url, byte @Nullable [] input, List<String> words, List<String> options) {
    return run(url, input, words, options, "20s");
  }

  /// As above.
  ///
  /// @param timeout how long it waits for the server
  static Ended run(
      String url,
      byte @Nullable [] input,
      List<String> words,
      List<String> options,
      String timeout) {
    CapturedTerminal terminal = new CapturedTerminal(input == null ? new byte[0] : input);
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of("--server", url, "--timeout", timeout));
    all.addAll(options);
    int exit = terminal.run(all.toArray(String[]::new));
    return new Ended(exit, terminal.out(), terminal.err());
  }

  /// How a command ended.
  record Ended(int exit, String out, String err) {}

  @Override
  public void close() {
    nodes.reversed().forEach(ServerNode::close);
  }
}
