package dev.weir.node;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.config.HostPort;
import dev.weir.config.WeirConfig;
import dev.weir.edge.Edge;
import dev.weir.edge.EdgeStats;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.SourceStats;
import dev.weir.edge.uplink.LinkUplink;
import dev.weir.gateway.port.Port;
import dev.weir.gateway.port.PortConfig;
import dev.weir.gateway.port.PortLimits;
import dev.weir.gateway.port.PortServices;
import dev.weir.link.LaneSources;
import dev.weir.link.LinkState;
import dev.weir.log.FileDisk;
import dev.weir.tls.KeyWatch;
import dev.weir.tls.PemFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// An edge: sources, spool and uplink, with metrics and health on a port of their own.
///
/// Owns what it starts. A named virtual thread looks ten times a second whether every source has
/// ended and everything is shipped. Any thread may call the methods.
public final class EdgeNode implements AutoCloseable {
  private static final long LOOK_NANOS = 100_000_000L;

  /// An edge whose core is away waits for it.
  private static final Duration FOREVER = Duration.ofDays(3650);

  private final Path spoolDirectory;
  private final String opsHost;
  private final Edge edge;
  private final KeyWatch keys;
  private final Port port;
  private volatile boolean isClosed;

  private EdgeNode(WeirConfig config, Edge edge, KeyWatch keys, Port port) {
    this.spoolDirectory = config.edge().spool().dir();
    this.opsHost = config.edge().ops().host();
    this.edge = edge;
    this.keys = keys;
    this.port = port;
  }

  /// Opens the spool and starts to collect and ship.
  ///
  /// @param stdin read when an input asks for it
  /// @throws WeirException with ADDRESS_IN_USE or DATA_DIRECTORY_LOCKED
  /// @throws IOException when the spool's directory cannot be used
  public static EdgeNode start(WeirConfig config, InputStream stdin, String version, Clock clock)
      throws IOException {
    return start(config, stdin, version, clock, UnaryOperator.identity());
  }

  /// As above, for a program that measures: what stands between the spool and the link sees every
  /// frame and every settlement.
  public static EdgeNode start(
      WeirConfig config,
      InputStream stdin,
      String version,
      Clock clock,
      UnaryOperator<LaneSources> between)
      throws IOException {
    EdgeSettings settings = new EdgeSettings(config);
    PemFiles files = settings.keyFiles();
    RandomGenerator random = new SecureRandom();
    Edge edge =
        Edge.start(
            settings.edge(NodeName.host("edge")),
            clock,
            new FileDisk(),
            random,
            stdin,
            (source, lanes) ->
                LinkUplink.starter(settings.uplink(version, files), clock, random, new LinkReport())
                    .start(source, between.apply(lanes)));
    try {
      HostPort ops = config.edge().ops();
      KeyWatch keys =
          KeyWatch.start(
              files == null ? List.of() : List.of(files), clock, KeyWatch.STANDARD_PERIOD);
      EdgeOps routes = new EdgeOps(edge, version);
      Port port =
          Port.start(
              new PortConfig(ops.host(), ops.port(), PortLimits.DEFAULT),
              PortServices.of(routes.routes()));
      return new EdgeNode(config, edge, keys, port);
    } catch (WeirException e) {
      edge.close();
      throw e;
    }
  }

  /// Calls back once every source has come to its end and a core has everything, or no core ever
  /// will. Sources that never end (files, HTTP) keep an edge running.
  ///
  /// @param finished everything is shipped
  /// @param failed the link gave up for good; what it holds stays in the spool
  public void onFinished(Runnable finished, Consumer<WeirException> failed) {
    if (!edge.mayEnd()) {
      return;
    }
    Thread.ofVirtual().name("weir-edge-watch").start(() -> watch(finished, failed));
  }

  private void watch(Runnable finished, Consumer<WeirException> failed) {
    while (!isClosed && !edge.hasEnded()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    if (isClosed) {
      return;
    }
    if (edge.drain(FOREVER)) {
      finished.run();
    } else if (edge.stats().link().state() instanceof LinkState.Halted(var code, var detail)) {
      failed.accept(new WeirException(code, detail));
    }
  }

  /// Takes messages from the program that runs this edge; see [Edge#take].
  public boolean take(Delivery delivery) throws InterruptedException {
    return edge.take(delivery);
  }

  public Path spoolDirectory() {
    return spoolDirectory;
  }

  /// Where metrics and health are, with the port that it got.
  public HostPort opsAddress() {
    return new HostPort(opsHost, port.port());
  }

  public EdgeStats stats() {
    return edge.stats();
  }

  /// The edge at first sight.
  public EdgeGlance glance() {
    EdgeStats stats = edge.stats();
    return new EdgeGlance(
        word(stats.link().state()),
        stats.spool().unackedMessages(),
        stats.spool().unackedBytes(),
        stats.spool().backfill().messages(),
        stats.spool().liveLane(),
        stats.link().rttMicros(),
        stats.link().windowBytes(),
        stats.link().limits().most().map(EdgeOps::word).orElse("-"));
  }

  static String word(LinkState state) {
    return switch (state) {
      case LinkState.Connecting _ -> "connecting";
      case LinkState.Ready _ -> "ready";
      case LinkState.BackingOff _ -> "backing off";
      case LinkState.SentAway _ -> "sent away";
      case LinkState.Draining _ -> "draining";
      case LinkState.Halted(var code, _) -> "halted " + code.label();
      case LinkState.Closed _ -> "closed";
    };
  }

  /// What it does, for people.
  public String summary() {
    EdgeStats stats = edge.stats();
    String sources =
        stats.sources().stream()
            .map(SourceStats::name)
            .map(this::withPort)
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%s; %,d messages (%s) wait in the spool",
        sources,
        stats.spool().unackedMessages(),
        new ByteSize(stats.spool().unackedBytes()));
  }

  private String withPort(String source) {
    OptionalInt port = edge.port(source);
    return port.isPresent() ? source + " on port " + port.getAsInt() : source;
  }

  /// Stops reading and waits until a core has everything.
  ///
  /// @return whether it has; the rest stays in the spool
  public boolean drain(Duration deadline) {
    return edge.drain(deadline);
  }

  /// Stops reading, writes what was read; what is not acked stays in the spool. Idempotent.
  @Override
  public void close() {
    keys.close();
    isClosed = true;
    port.close();
    edge.close();
  }
}
