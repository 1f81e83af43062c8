package dev.weir.dev;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.Delivered;
import dev.weir.client.Start;
import dev.weir.client.SubscribeOptions;
import dev.weir.client.Subscription;
import dev.weir.client.WeirClient;
import dev.weir.config.HostPort;
import dev.weir.config.WeirConfig;
import dev.weir.node.CoreNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/// The demonstration from its start to its count: everything in one temporary folder, which goes
/// with it. Owned by the caller's thread; [#stop] may be called by any.
public final class DevRun {
  /// Long enough to see data flow before the cut.
  private static final Duration BEFORE_OUTAGE = Duration.ofSeconds(5);

  /// A backlog of minutes drains within this on any disk that is worth it.
  private static final Duration DRAIN = Duration.ofSeconds(60);

  private static final long FRAME_NANOS = 500_000_000L;
  private static final long LINE_NANOS = 1_000_000_000L;
  private static final long SEED = 7;

  private final DevOptions options;
  private final String version;
  private final Clock clock;
  private final Screen screen;
  private final PrintStream out;
  private final long refreshNanos;
  private final Tally tally = new Tally();
  private final long startNanos;
  private volatile boolean isStopped;
  private volatile long firstDeliveryNanos;
  private long lastShownNanos;
  private long lastStored;
  private long perSecond;

  public DevRun(
      DevOptions options, String version, Clock clock, PrintStream out, boolean isInteractive) {
    this.options = options;
    this.version = version;
    this.clock = clock;
    this.out = out;
    this.screen = new Screen(out, isInteractive);
    this.refreshNanos = isInteractive ? FRAME_NANOS : LINE_NANOS;
    this.startNanos = clock.nanoTime();
  }

  /// What the demonstration counted.
  ///
  /// @param lanes the most that an edge had
  /// @param runs sequences in order that a source's messages came in: at most one a lane
  public record Result(long sent, long stored, long lost, long duplicated, int lanes, int runs) {
    public boolean isGood() {
      return lost == 0 && duplicated == 0 && runs <= lanes;
    }
  }

  /// Ends the run in order: sources stop, the spools drain, the count is told.
  public void stop() {
    isStopped = true;
  }

  /// Runs until it is stopped, its duration has passed, or its outage is over and told.
  public Result run() throws IOException {
    try (TemporaryFolder folder = TemporaryFolder.create("weir-dev");
        CoreNode core = startCore(folder.path());
        CuttableLink link = CuttableLink.start(address(core));
        WeirClient client = WeirClient.connect(URI.create("weir://" + core.address()));
        Subscription subscription = client.subscribe(SubscribeOptions.of("dev/#", Start.first()))) {
      Thread.ofVirtual().name("weir-dev-reader").start(() -> count(subscription));
      List<DemoEdge> edges = startEdges(folder.path(), link.port());
      try {
        play(core, link, edges);
        return finish(core, link, edges);
      } finally {
        edges.forEach(DemoEdge::close);
      }
    }
  }

  private CoreNode startCore(Path folder) throws IOException {
    try {
      return CoreNode.start(coreConfig(folder, options.preferredPort()), version, clock);
    } catch (WeirException e) {
      if (e.code() != ErrorCode.ADDRESS_IN_USE) {
        throw e;
      }
      return CoreNode.start(coreConfig(folder, 0), version, clock);
    }
  }

  private static WeirConfig coreConfig(Path folder, int port) {
    return NodeConfigs.of(
        Map.of(
            "server.dataDir",
            folder.resolve("core").toString(),
            "server.listen",
            "127.0.0.1:" + port,
            "store.retention.freeDiskFloor",
            "0B"));
  }

  private static InetSocketAddress address(CoreNode core) {
    HostPort address = core.address();
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), address.port());
  }

  private List<DemoEdge> startEdges(Path folder, int port) throws IOException {
    List<DemoEdge> edges = new ArrayList<>();
    for (int i = 1; i <= options.edges(); i++) {
      edges.add(
          DemoEdge.start(
              "edge-" + i,
              folder,
              port,
              options.linesPerSecond(),
              version,
              clock,
              new SplittableRandom(SEED + i)));
    }
    return edges;
  }

  private void count(Subscription subscription) {
    for (Delivered delivered : subscription) {
      if (firstDeliveryNanos == 0) {
        firstDeliveryNanos = clock.nanoTime();
      }
      Numbers.of(delivered.message().body())
          .ifPresent(number -> tally.arrived(delivered.message().topic(), number));
    }
  }

  private void play(CoreNode core, CuttableLink link, List<DemoEdge> edges) {
    if (options.outage().isZero()) {
      Duration duration =
          options.duration().isZero() ? Duration.ofDays(36_500) : options.duration();
      showFor(duration, "running", core, edges);
      return;
    }
    showFor(BEFORE_OUTAGE, "running, the link is cut soon", core, edges);
    link.cut();
    showFor(options.outage(), "the link is CUT: the spools fill", core, edges);
    link.mend();
    showUntilDrained("the link is back: the spools drain", core, edges);
  }

  private Result finish(CoreNode core, CuttableLink link, List<DemoEdge> edges) {
    link.mend();
    edges.forEach(DemoEdge::stopSources);
    isStopped = false;
    showUntilDrained("sources stopped, draining", core, edges);
    Map<String, Integer> sent = sent(edges);
    long total = sent.values().stream().mapToLong(Integer::longValue).sum();
    int lanes = 1 + edges.stream().mapToInt(edge -> edge.glance().rolls()).max().orElse(0);
    Result result =
        new Result(
            total, tally.stored(), tally.missing(sent), tally.duplicated(), lanes, tally.runs());
    out.printf(
        Locale.ROOT,
        "%nfirst message delivered after %.1f s; sent %,d, stored %,d, lost %,d, duplicated %,d; "
            + "lanes %d, each in order: %s%n",
        (firstDeliveryNanos - startNanos) / 1e9,
        result.sent(),
        result.stored(),
        result.lost(),
        result.duplicated(),
        result.lanes(),
        result.runs() <= result.lanes() ? "yes" : "NO, " + result.runs() + " runs");
    out.flush();
    return result;
  }

  private void showFor(Duration duration, String phase, CoreNode core, List<DemoEdge> edges) {
    long endNanos = clock.nanoTime() + duration.toNanos();
    while (!isStopped && clock.nanoTime() < endNanos) {
      show(phase, core, edges);
      LockSupport.parkNanos(Math.min(refreshNanos, endNanos - clock.nanoTime()));
    }
  }

  private void showUntilDrained(String phase, CoreNode core, List<DemoEdge> edges) {
    long endNanos = clock.nanoTime() + DRAIN.toNanos();
    while (!isStopped && clock.nanoTime() < endNanos) {
      show(phase, core, edges);
      long onTheWay = sent(edges).values().stream().mapToLong(i -> i).sum() - tally.stored();
      // Sources that run keep up to a second's lines on the way; of stopped ones nothing is left.
      long allowed = isFlowing(edges) ? 2L * options.linesPerSecond() * options.edges() : 0;
      boolean isDrained = onTheWay <= allowed;
      if (isDrained) {
        return;
      }
      LockSupport.parkNanos(refreshNanos / 4);
    }
  }

  private static boolean isFlowing(List<DemoEdge> edges) {
    return edges.stream().anyMatch(DemoEdge::isFlowing);
  }

  private static Map<String, Integer> sent(List<DemoEdge> edges) {
    Map<String, Integer> sent = new HashMap<>();
    edges.forEach(edge -> sent.putAll(edge.sent()));
    return sent;
  }

  private void show(String phase, CoreNode core, List<DemoEdge> edges) {
    long nowNanos = clock.nanoTime();
    if (nowNanos - lastShownNanos < refreshNanos && lastShownNanos != 0) {
      return;
    }
    long stored = tally.stored();
    if (lastShownNanos != 0) {
      perSecond = (long) ((stored - lastStored) / ((nowNanos - lastShownNanos) / 1e9));
    }
    lastShownNanos = nowNanos;
    lastStored = stored;
    List<Screen.Row> rows = new ArrayList<>();
    long sent = 0;
    for (DemoEdge edge : edges) {
      long own = edge.sent().values().stream().mapToLong(Integer::longValue).sum();
      sent += own;
      rows.add(new Screen.Row(edge.name(), own, edge.glance()));
    }
    screen.show(
        new Screen.View(
            phase, core.address().toString(), sent, stored, tally.duplicated(), perSecond, rows));
  }
}
