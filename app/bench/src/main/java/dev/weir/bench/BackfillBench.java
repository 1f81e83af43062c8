package dev.weir.bench;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.edge.spool.BackfillPolicy;
import dev.weir.edge.spool.FrameListener;
import dev.weir.edge.spool.Positions;
import dev.weir.edge.spool.Spool;
import dev.weir.edge.spool.SpoolConfig;
import dev.weir.edge.spool.SpoolFrame;
import dev.weir.edge.uplink.LinkUplink;
import dev.weir.edge.uplink.Uplink;
import dev.weir.edge.uplink.UplinkConfig;
import dev.weir.link.LinkListener;
import dev.weir.link.LinkState;
import dev.weir.log.FileDisk;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Message;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.HdrHistogram.Histogram;

/// How long fresh data wait for their acks while a backlog drains over a slow link: a spool is
/// filled without a core; then the link comes, and a frame arises five times a second.
///
/// Ack times count from when a message arose, its fsync at the edge included, until the backlog is
/// gone. Bodies are random bytes: what is on the wire is what was asked for.
public final class BackfillBench {
  private static final String PAST = "bench/past";
  private static final String FRESH = "bench/fresh";
  private static final int FRAME_BYTES = 256 << 10;
  private static final int FRESH_PER_SECOND = 5;

  /// Older than the spool's threshold, so that the backlog counts as late.
  private static final Duration OUTAGE = BackfillPolicy.NEWEST_FIRST.minAge().plusSeconds(1);

  private final BackfillOptions options;
  private final Clock clock;
  private final RandomGenerator random;
  private final Consumer<String> progress;

  /// @param progress told in words what runs now
  public BackfillBench(
      BackfillOptions options, Clock clock, RandomGenerator random, Consumer<String> progress) {
    this.options = options;
    this.clock = clock;
    this.random = random;
    this.progress = progress;
  }

  /// Runs the scenario.
  public BenchReport run() throws IOException {
    Files.createDirectories(options.directory());
    Path data = Files.createTempDirectory(options.directory(), "backfill");
    try {
      if (options.target().isPresent()) {
        return measure(data, options.target().get());
      }
      try (CoreProcess core = CoreProcess.start(options.coreCommand(), data.resolve("core"));
          ThrottledRelay relay =
              ThrottledRelay.start(
                  new InetSocketAddress(core.target().getHost(), core.target().getPort()),
                  options.megabitsPerSecond() * 125_000L)) {
        return measure(data, URI.create("weir://127.0.0.1:" + relay.port()));
      }
    } finally {
      BenchFiles.deleteAll(data);
    }
  }

  private BenchReport measure(Path data, URI target) throws IOException {
    BackfillPolicy policy =
        switch (options.order()) {
          case NEWEST_FIRST -> BackfillPolicy.NEWEST_FIRST;
          case IN_ORDER -> BackfillPolicy.IN_ORDER;
        };
    SpoolConfig config =
        SpoolConfig.of(data.resolve("spool"))
            .withMaxBytes(new ByteSize(4 * options.backlog().bytes() + (1L << 30)))
            .withFreeDiskFloor(new ByteSize(0))
            .withBackfill(policy);
    try (Spool spool = Spool.open(config, "bench", new FileDisk(), clock, random)) {
      progress.accept("filling the spool with " + options.backlog());
      long written = fill(spool);
      LockSupport.parkNanos(OUTAGE.toNanos());
      progress.accept("draining it");
      return drain(spool, target, written);
    }
  }

  private long fill(Spool spool) {
    long written = 0;
    while (written < options.backlog().bytes()) {
      offer(spool, PAST, FRAME_BYTES);
      written += FRAME_BYTES;
    }
    while (!spool.isIdle()) {
      LockSupport.parkNanos(1_000_000);
    }
    return written;
  }

  private void offer(Spool spool, String topic, int bytes) {
    byte[] body = new byte[bytes];
    random.nextBytes(body);
    BatchBuilder builder = new BatchBuilder(bytes + 1024);
    builder.add(Message.of(topic, Bytes.wrap(body)).withTimeMicros(clock.epochMicros()));
    SpoolFrame frame =
        new SpoolFrame(
            Optional.of(builder.build(0, Positions.encode(Map.of()))),
            Map.of(),
            false,
            new Failing());
    while (!spool.offer(frame)) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private BenchReport drain(Spool spool, URI target, long written) {
    AckTimes times = new AckTimes(spool.lanes(), FRESH, clock);
    Uplink.Starter starter =
        LinkUplink.starter(UplinkConfig.of(List.of(target)), clock, random, LinkListener.NONE);
    long startNanos = clock.nanoTime();
    long fresh = 0;
    int freshBytes = options.freshBytesPerSecond().intBytes() / FRESH_PER_SECOND;
    try (Uplink uplink = starter.start(spool.source(), times)) {
      spool.addWake(uplink::wake);
      uplink.wake();
      awaitLink(spool, uplink);
      long dueNanos = clock.nanoTime();
      while (hasBacklog(spool)) {
        offer(spool, FRESH, freshBytes);
        fresh++;
        dueNanos += 1_000_000_000L / FRESH_PER_SECOND;
        LockSupport.parkNanos(Math.max(0, dueNanos - clock.nanoTime()));
      }
      double seconds = (clock.nanoTime() - startNanos) / 1e9;
      return report(times.ackNanos().copy(), seconds, written, fresh * freshBytes);
    }
  }

  /// What arises before the link is back is a part of the backlog.
  private void awaitLink(Spool spool, Uplink uplink) {
    boolean isRolling = options.order() == BackfillPolicy.Order.NEWEST_FIRST;
    while (!(uplink.stats().state() instanceof LinkState.Ready)
        || (isRolling && spool.stats().liveLane() == 0)) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /// In order, the backlog and what is fresh are one: it is over when little is left.
  private boolean hasBacklog(Spool spool) {
    return switch (options.order()) {
      case NEWEST_FIRST -> spool.stats().liveLane() == 0 || spool.stats().backfill().bytes() > 0;
      case IN_ORDER -> spool.stats().unackedBytes() > options.freshBytesPerSecond().bytes();
    };
  }

  private BenchReport report(Histogram ackNanos, double seconds, long written, long freshBytes) {
    BenchRow row =
        BenchRow.of(
                "fresh data behind " + options.backlog(), written / 1e6 / seconds, "MB/s", ackNanos)
            .with("seconds", seconds)
            .with("freshMessages", (double) ackNanos.getTotalCount())
            .with("freshMegabytesPerSecond", freshBytes / 1e6 / seconds);
    Map<String, String> env = BenchReport.machine();
    env.put("order", options.order().toString());
    env.put(
        "link",
        options
            .target()
            .map(URI::toString)
            .orElse("relay, Mbit/s: " + options.megabitsPerSecond()));
    env.put("ack", "durable: written and fsynced at the core, from when the message arose");
    return new BenchReport("backfill", List.of(row), Map.of(), env);
  }

  /// Nothing may be lost here.
  private static final class Failing implements FrameListener {
    @Override
    public void durable() {
      // Counted by its ack.
    }

    @Override
    public void failed(WeirException cause) {
      throw cause;
    }
  }
}
