package dev.weir.cli;

import dev.weir.base.Clock;
import dev.weir.config.LoadResult;
import dev.weir.config.LoadScope;
import dev.weir.node.CoreNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `weir serve`: a core.
@Command(
    name = "serve",
    description = "Start a core: a durable log behind one port.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir serve --data ./data",
      "  weir serve --config weir.yaml --listen 127.0.0.1:5000"
    })
final class ServeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();

  @Option(names = "--data", paramLabel = "DIR", description = "Where the log is kept.")
  String data = "";

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where to listen; port 0 lets the system choose (127.0.0.1:4750).")
  String listen = "";

  @Option(names = "--config", paramLabel = "FILE", description = "YAML; later files win.")
  List<Path> files = List.of();

  ServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    long startNanos = Clock.SYSTEM.nanoTime();
    LoadResult.Loaded loaded =
        new NodeConfiguration()
            .flag("server.dataDir", data)
            .flag("server.listen", listen)
            .load(files, LoadScope.Role.CORE, terminal);
    Foreground foreground = new Foreground(terminal);
    CoreNode node = CoreNode.start(loaded.config(), Version.number(), Clock.SYSTEM);
    node.onFatal(foreground::fail);
    return foreground.run(node, () -> announce(node, startNanos));
  }

  private void announce(CoreNode node, long startNanos) {
    long millis = (Clock.SYSTEM.nanoTime() - startNanos) / 1_000_000;
    terminal.say("weir " + Version.number() + " core, data in " + node.dataDirectory());
    terminal.say(node.recovery());
    terminal.say(
        "ready on "
            + node.address()
            + " after "
            + millis
            + " ms: publish with"
            + " `weir pub TOPIC BODY`, metrics at http://"
            + node.address()
            + "/metrics");
  }
}
