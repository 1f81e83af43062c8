package dev.weir.bench.hub;

import dev.weir.bench.CoreProcess;
import dev.weir.bench.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A hub's server with an empty directory, on loopback, in processes of its own.
interface HubServer extends AutoCloseable {
  int port();

  /// Of all its processes.
  double cpuSeconds();

  @Override
  void close();

  /// What keeps a hub from being measured here; empty when nothing does.
  static Optional<String> missing(HubWay way) {
    return switch (way) {
      case WEIR, WEIR_LANE -> Optional.empty();
      case NATS, JETSTREAM -> missing("nats-server");
      case RABBITMQ -> missing("rabbitmq-server");
    };
  }

  private static Optional<String> missing(String program) {
    return ServerProcess.find(program).isPresent()
        ? Optional.empty()
        : Optional.of("not installed (Debian: apt-get install " + program + ")");
  }

  /// @param directory empty
  static HubServer start(HubWay way, List<String> coreCommand, Path directory) throws IOException {
    return switch (way) {
      case WEIR, WEIR_LANE -> new Core(CoreProcess.start(coreCommand, directory, "127.0.0.1:0"));
      case NATS -> new Other(nats(directory, List.of()));
      case JETSTREAM ->
          new Other(nats(directory, List.of("-js", "-sd", directory.resolve("js").toString())));
      case RABBITMQ -> Rabbit.start(directory);
    };
  }

  private static ServerProcess nats(Path directory, List<String> more) throws IOException {
    int port = ServerProcess.freePort();
    Path program = ServerProcess.find("nats-server").orElseThrow();
    List<String> words = new ArrayList<>();
    words.addAll(List.of(program.toString(), "-a", "127.0.0.1", "-p", Integer.toString(port)));
    words.addAll(more);
    return ServerProcess.start(
        new ProcessBuilder(words), port, directory.resolve("said"), Duration.ofSeconds(10));
  }

  /// Weir.
  record Core(CoreProcess process) implements HubServer {
    @Override
    public int port() {
      return process.address().getPort();
    }

    @Override
    public double cpuSeconds() {
      return process.cpuSeconds();
    }

    @Override
    public void close() {
      process.close();
    }
  }

  /// Another program.
  record Other(ServerProcess process) implements HubServer {
    @Override
    public int port() {
      return process.port();
    }

    @Override
    public double cpuSeconds() {
      return process.cpuSeconds();
    }

    @Override
    public void close() {
      process.close();
    }
  }

  /// RabbitMQ beside Erlang's port mapper, which is ours alone: a node that finds none starts one
  /// that outlives it. The node is run as whoever runs the bench, past the package's wrapper, which
  /// would change to the user of the system's service.
  record Rabbit(ServerProcess mapper, ServerProcess node) implements HubServer {
    private static final String SCRIPT = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private static final Duration START_WAIT = Duration.ofSeconds(60);

    static Rabbit start(Path directory) throws IOException {
      int mapperPort = ServerProcess.freePort();
      String epmd = ServerProcess.find("epmd").orElseThrow().toString();
      ServerProcess mapper =
          ServerProcess.start(
              new ProcessBuilder(
                  epmd, "-port", Integer.toString(mapperPort), "-address", "127.0.0.1"),
              mapperPort,
              directory.resolve("mapper-said"),
              START_WAIT);
      try {
        return new Rabbit(mapper, node(directory, mapperPort));
      } catch (IOException e) {
        mapper.close();
        throw e;
      }
    }

    private static ServerProcess node(Path directory, int mapperPort) throws IOException {
      int port = ServerProcess.freePort();
      ProcessBuilder builder = new ProcessBuilder(SCRIPT);
      Path plugins = Files.writeString(directory.resolve("plugins"), "[].\n");
      builder
          .environment()
          .putAll(
              Map.ofEntries(
                  Map.entry("HOME", directory.toString()),
                  Map.entry("ERL_EPMD_PORT", Integer.toString(mapperPort)),
                  Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                  Map.entry("RABBITMQ_NODENAME", "weir-bench@localhost"),
                  Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
                  Map.entry("RABBITMQ_NODE_PORT", Integer.toString(port)),
                  Map.entry("RABBITMQ_DIST_PORT", Integer.toString(ServerProcess.freePort())),
                  Map.entry("RABBITMQ_MNESIA_BASE", directory.resolve("mnesia").toString()),
                  Map.entry("RABBITMQ_LOG_BASE", directory.resolve("log").toString()),
                  Map.entry("RABBITMQ_CONFIG_FILE", directory.resolve("none").toString()),
                  Map.entry("RABBITMQ_ADVANCED_CONFIG_FILE", directory.resolve("none").toString()),
                  Map.entry("RABBITMQ_CONF_ENV_FILE", directory.resolve("none").toString()),
                  Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", plugins.toString())));
      return ServerProcess.start(builder, port, directory.resolve("node-said"), START_WAIT);
    }

    @Override
    public int port() {
      return node.port();
    }

    @Override
    public double cpuSeconds() {
      return node.cpuSeconds();
    }

    @Override
    public void close() {
      node.close();
      mapper.close();
    }
  }
}
