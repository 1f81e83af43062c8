package dev.weir.cli;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.config.LoadResult;
import dev.weir.config.LoadScope;
import dev.weir.node.ServerNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `weir serve`: a core, a storage node or a router.
@Command(
    name = "serve",
    description =
        "Start a core: durable messages and key/value buckets. Or one part of it, by role.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir serve --data ./data",
      "  weir serve --config weir.yaml --listen 127.0.0.1:5000",
      "  weir serve --role storage --data ./a --listen 127.0.0.1:4801 --ops 127.0.0.1:4811",
      "  weir serve --role router --listen 127.0.0.1:4800 --storage a=127.0.0.1:4801 b=127.0.0.1:4802"
    })
final class ServeCommand implements Callable<Integer> {
  private static final LoadScope.Role ROLE = LoadScope.Role.CORE;

  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description = "all, storage (buckets alone) or router (to storage nodes) (all).")
  String role = "";

  @Option(names = "--data", paramLabel = "DIR", description = "Where the log is kept.")
  String data = "";

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where to listen; port 0 lets the system choose (127.0.0.1:4750).")
  String listen = "";

  @Option(
      names = "--ops",
      paramLabel = "HOST:PORT",
      description = "Metrics and health of a storage node or router (127.0.0.1:4770).")
  String ops = "";

  @Option(
      names = "--storage",
      paramLabel = "NAME=HOST:PORT",
      arity = "1..*",
      description = "A router's storage nodes, with an even share of the keys each.")
  List<String> storages = List.of();

  @Option(
      names = "--auth",
      paramLabel = "FILE",
      description = "Users, keys and permissions, see `weir auth`; without it everybody is let in.")
  String auth = "";

  @Mixin WireServerOptions tls = new WireServerOptions();

  @Option(names = "--config", paramLabel = "FILE", description = "YAML; later files win.")
  List<Path> files = List.of();

  ServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    long startNanos = Clock.SYSTEM.nanoTime();
    NodeConfiguration configuration = configuration();
    LoadResult.Loaded loaded = configuration.load(files, ROLE, terminal);
    Foreground foreground = new Foreground(terminal);
    ServerNode node = ServerNode.start(loaded.config(), Version.number(), Clock.SYSTEM);
    node.onFatal(foreground::fail);
    LogSettings.apply(loaded, terminal);
    Reload reload = new Reload(node, () -> configuration.load(files, ROLE, terminal), terminal);
    reload.inForce(loaded);
    try (var _ = new ConfigWatch(files, reload)) {
      return foreground.run(node, () -> announce(node, startNanos));
    }
  }

  private NodeConfiguration configuration() {
    NodeConfiguration configuration =
        new NodeConfiguration()
            .flag("server.role", role)
            .flag("server.dataDir", data)
            .flag("server.listen", listen)
            .flag("server.ops", ops)
            .flag("server.tls.certificate", tls.certificate)
            .flag("server.tls.key", tls.key)
            .flag("server.tls.clientCa", tls.clientCa)
            .flag("auth.file", auth)
            .flag("wire.tokens", tls.tokens);
    if (!storages.isEmpty()) {
      configuration.setting("router.storages", ""); // Flags replace those of the file.
    }
    int index = 0;
    for (String storage : storages) {
      int split = storage.indexOf('=');
      if (split < 1) {
        throw new WeirException(
            ErrorCode.USAGE,
            "--storage is '" + storage + "', expected NAME=HOST:PORT, such as a=127.0.0.1:4750.");
      }
      configuration.setting("router.storages." + index + ".name", storage.substring(0, split));
      configuration.setting("router.storages." + index + ".address", storage.substring(split + 1));
      index++;
    }
    return configuration;
  }

  private void announce(ServerNode node, long startNanos) {
    long millis = (Clock.SYSTEM.nanoTime() - startNanos) / 1_000_000;
    List<String> lines = node.introduction();
    terminal.say("weir " + Version.number() + " " + lines.getFirst());
    lines.stream().skip(1).forEach(terminal::say);
    terminal.say("ready on " + node.address() + " after " + millis + " ms: " + node.offer());
  }
}
