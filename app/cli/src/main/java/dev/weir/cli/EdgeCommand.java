package dev.weir.cli;

import dev.weir.base.Clock;
import dev.weir.config.LoadResult;
import dev.weir.config.LoadScope;
import dev.weir.node.EdgeNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `weir edge`: a collector.
@Command(
    name = "edge",
    description =
        "Collect from files, stdin, HTTP, syslog, OTLP … into a durable spool, ship to a core.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir edge --tail /var/log/app.log --topic logs/app --to weir://core:4750 --spool ./spool",
      "  my-sensor | weir edge --stdin --topic sensors/1 --to weir://a:4750,weir://b:4750 --spool s"
    })
final class EdgeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();

  @Option(
      names = "--tail",
      paramLabel = "FILE",
      arity = "1..*",
      description = "Follow files, by path or glob, from their start.")
  List<String> tail = List.of();

  @Option(names = "--stdin", description = "Read lines from standard input; ends once shipped.")
  boolean isStdin;

  @Option(names = "--http", paramLabel = "HOST:PORT", description = "Take HTTP POSTs there.")
  String http = "";

  @Mixin TelemetryOptions telemetry = new TelemetryOptions();

  @Option(
      names = "--syslog",
      paramLabel = "HOST:PORT",
      description = "Take syslog there, over UDP and TCP.")
  String syslog = "";

  @Option(
      names = "--relp",
      paramLabel = "HOST:PORT",
      description = "Take syslog over RELP there, acked once on disk.")
  String relp = "";

  @Option(
      names = "--statsd",
      paramLabel = "HOST:PORT",
      description = "Take statsd there, over UDP and TCP.")
  String statsd = "";

  @Option(names = "--host", description = "Read this machine's own figures.")
  boolean isHost;

  @Option(
      names = "--to",
      paramLabel = "URL",
      arity = "1..*",
      split = ",",
      description =
          "The cores in order of preference, weir://HOST:PORT (or wire://, grpc://; weirs:// for TLS).")
  List<String> to = List.of();

  @Mixin TlsOptions tls = new TlsOptions();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Its first line is shown to cores as token ($WEIR_TOKEN_FILE).",
      defaultValue = "${env:WEIR_TOKEN_FILE:-}")
  String tokenFile = "";

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Where messages go.")
  String topic = "";

  @Option(names = "--spool", paramLabel = "DIR", description = "Where the spool is kept.")
  String spool = "";

  @Option(
      names = "--full",
      paramLabel = "POLICY",
      description = "When the spool is full: block, dropOldest or dropNewest (block).")
  String full = "";

  @Option(names = "--spool-max", paramLabel = "SIZE", description = "Spool limit (10GiB).")
  String spoolMax = "";

  @Option(
      names = "--multiline",
      paramLabel = "REGEX",
      description = "With --tail: a line that matches begins an event; others continue it.")
  String multiline = "";

  @Option(
      names = "--ops",
      paramLabel = "HOST:PORT",
      description = "Metrics and health (127.0.0.1:4760); port 0 lets the system choose.")
  String ops = "";

  @Option(names = "--config", paramLabel = "FILE", description = "YAML; later files win.")
  List<Path> files = List.of();

  EdgeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    LoadResult.Loaded loaded = configuration().load(files, LoadScope.Role.EDGE, terminal);
    LogSettings.apply(loaded, terminal);
    Foreground foreground = new Foreground(terminal);
    EdgeNode node = EdgeNode.start(loaded.config(), terminal.in(), Version.number(), Clock.SYSTEM);
    node.onFinished(foreground::finish, foreground::fail);
    return foreground.run(node, () -> announce(node));
  }

  private void announce(EdgeNode node) {
    terminal.say("weir " + Version.number() + " edge, spool in " + node.spoolDirectory());
    terminal.say(
        "ready: " + node.summary() + ", metrics at http://" + node.opsAddress() + "/metrics");
  }

  private NodeConfiguration configuration() {
    NodeConfiguration configuration =
        new NodeConfiguration()
            .flag("edge.to", String.join(",", to))
            .flag("edge.tls.ca", tls.authority)
            .flag("edge.tls.certificate", tls.certificate)
            .flag("edge.tls.key", tls.key)
            .flag("edge.token", tokenFile)
            .flag("edge.topic", topic)
            .flag("edge.spool.dir", spool)
            .flag("edge.spool.full", full)
            .flag("edge.spool.maxBytes", spoolMax)
            .flag("edge.ops", ops);
    Map<String, String> listeners = listeners();
    boolean isGiven = isStdin || isHost || telemetry.hasTargets() || !listeners.isEmpty();
    if (tail.isEmpty() && !isGiven) {
      return configuration;
    }
    configuration.setting("edge.inputs", ""); // Inputs given as flags replace those of the file.
    int input = 0;
    if (!tail.isEmpty()) {
      configuration.setting("edge.inputs." + input + ".type", "file");
      for (int path = 0; path < tail.size(); path++) {
        configuration.setting("edge.inputs." + input + ".paths." + path, tail.get(path));
      }
      configuration.flag("edge.inputs." + input + ".multiline.startPattern", multiline);
      input++;
    }
    if (isStdin) {
      configuration.setting("edge.inputs." + input + ".type", "stdin");
      input++;
    }
    if (isHost) {
      configuration.setting("edge.inputs." + input + ".type", "host");
      input++;
    }
    for (Map.Entry<String, String> listener : listeners.entrySet()) {
      configuration.setting("edge.inputs." + input + ".type", listener.getKey());
      configuration.setting("edge.inputs." + input + ".listen", listener.getValue());
      input++;
    }
    telemetry.addTargets(configuration, input);
    return configuration;
  }

  /// The kinds of input that need an address and no more, with theirs.
  private Map<String, String> listeners() {
    Map<String, String> listeners = new LinkedHashMap<>();
    listeners.put("http", http);
    telemetry.addListeners(listeners);
    listeners.put("syslog", syslog);
    listeners.put("relp", relp);
    listeners.put("statsd", statsd);
    listeners.values().removeIf(String::isEmpty);
    return listeners;
  }
}
