package dev.weir.node;

import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.config.HostPort;
import dev.weir.config.WeirConfig;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/// What `weir serve` runs, by its role. Any thread may call the methods.
public sealed interface ServerNode extends AutoCloseable permits CoreNode, KvNode, RouterNode {
  /// Starts what the configuration's role says.
  ///
  /// @throws WeirException with ADDRESS_IN_USE, DATA_DIRECTORY_LOCKED or CONFIG_ENVIRONMENT
  /// @throws IOException when the data directory cannot be used
  static ServerNode start(WeirConfig config, String version, Clock clock) throws IOException {
    return switch (config.server().role()) {
      case ALL -> CoreNode.start(config, version, clock);
      case STORAGE -> KvNode.start(config, version, clock);
      case ROUTER -> RouterNode.start(config, version);
    };
  }

  /// Where it listens, with the port that it got.
  HostPort address();

  /// What it is and what starting came to, a line each, for people.
  List<String> introduction();

  /// What is served where, and how to use it, for people.
  String offer();

  /// Calls back when the node cannot go on: the process should end.
  void onFatal(Consumer<WeirException> callback);

  /// Takes another configuration, as far as it can be changed while the node runs.
  ///
  /// @return what changed, for people; empty when nothing did
  /// @throws WeirException when it cannot be taken; the node goes on as before
  String reconfigure(WeirConfig config);

  /// Stops listening, answers what was taken, ends. Idempotent, never throws.
  @Override
  void close();
}
