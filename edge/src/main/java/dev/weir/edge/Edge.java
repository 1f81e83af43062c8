package dev.weir.edge;

import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.edge.encoding.AdaptiveEncoder;
import dev.weir.edge.encoding.BatchEncoder;
import dev.weir.edge.encoding.CompressionPolicy;
import dev.weir.edge.encoding.EncodingDuty;
import dev.weir.edge.encoding.TrainingLimits;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.Intake;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.SourceState;
import dev.weir.edge.spool.Batcher;
import dev.weir.edge.spool.Spool;
import dev.weir.edge.spool.SteppedThread;
import dev.weir.edge.uplink.Uplink;
import dev.weir.message.BatchSource;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/// A collector: sources, a batcher for each of their two classes, a spool and an uplink, wired and
/// running. The thread map stands in the module's README.
public final class Edge implements AutoCloseable {
  /// How long a close waits for what was read to be on disk. Longer than a slow disk's fsync; what
  /// is not written then is read again where its source can.
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  /// 2 MiB: four batches of short lines with their objects. Sources that nobody waits for are
  /// slowed down by a full queue, not refused, and what waits in one lives long enough to cost the
  /// collector dearly.
  private static final long MAX_PULLED_BYTES = 2 << 20;

  private final Spool spool;
  private final Clock clock;
  private final List<Source> sources = new ArrayList<>();
  private final Feed pulled;
  private final Feed waitedFor;
  private final Uplink uplink;
  private final EncodingDuty encoding;
  private final SteppedThread encodingThread;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  /// An intake, its batcher and the thread that steps it.
  private record Feed(Intake intake, Batcher batcher, SteppedThread thread) {
    static Feed of(
        String name,
        EdgeConfig config,
        BatchEncoder encoder,
        boolean isWaitedFor,
        Spool spool,
        Clock clock) {
      long bytes = config.intakeSize().bytes();
      Intake intake = new Intake(isWaitedFor ? bytes : Math.min(bytes, MAX_PULLED_BYTES));
      Batcher batcher = new Batcher(config.batch(), encoder, isWaitedFor, intake, spool, clock);
      SteppedThread thread =
          SteppedThread.virtual("weir-batcher-" + name, batcher::step, batcher::idleNanos);
      intake.onPut(thread::wake);
      spool.addWake(thread::wake);
      return new Feed(intake, batcher, thread);
    }
  }

  private Edge(
      EdgeConfig config,
      Spool spool,
      Clock clock,
      RandomGenerator random,
      InputStream stdin,
      Uplink uplink) {
    this.spool = spool;
    this.clock = clock;
    this.uplink = uplink;
    CompressionPolicy compression = config.batch().compression();
    TrainingLimits limits = TrainingLimits.DEFAULT;
    AdaptiveEncoder encoder = new AdaptiveEncoder(compression, limits, clock, random);
    this.encoding = new EncodingDuty(compression, encoder, limits, uplink, uplink::stats, clock);
    this.encodingThread =
        SteppedThread.background("weir-encoding", encoding::step, encoding::idleNanos);
    uplink.listen(encoding.listener());
    this.pulled = Feed.of("pulled", config, encoder, false, spool, clock);
    this.waitedFor = Feed.of("waited", config, encoder, true, spool, clock);
    spool.addWake(uplink::wake);
    SourceContext context =
        new SourceContext(
            pulled.intake(), waitedFor.intake(), spool, spool.positions(), stdin, clock);
    try {
      for (SourceConfig source : config.sources()) {
        sources.add(source.open(context));
      }
    } catch (RuntimeException e) {
      sources.forEach(Source::close); // The addresses that were taken before one was not to be had.
      throw e;
    }
  }

  /// Opens the spool and starts everything.
  ///
  /// @param random draws a new spool's incarnation, and picks samples
  /// @param stdin read when a source asks for it
  /// @throws IOException when the spool cannot be read or written at all
  /// @throws WeirException when the spool is another's, or an address is taken
  public static Edge start(
      EdgeConfig config,
      Clock clock,
      Disk disk,
      RandomGenerator random,
      InputStream stdin,
      Uplink.Starter starter)
      throws IOException {
    Spool spool = Spool.open(config.spool(), config.agent(), disk, clock, random);
    Uplink uplink = null;
    Edge edge = null;
    try {
      uplink = starter.start(spool.source(), spool.lanes());
      edge = new Edge(config, spool, clock, random, stdin, uplink);
      edge.run();
      return edge;
    } finally {
      if (edge == null) {
        if (uplink != null) {
          uplink.close();
        }
        spool.close();
      }
    }
  }

  private void run() {
    encodingThread.start();
    pulled.thread().start();
    waitedFor.thread().start();
    sources.forEach(Source::start);
    uplink.wake();
  }

  /// Takes messages from the program that runs this edge, as from a source that nobody waits for;
  /// waits for room.
  ///
  /// @return false when the edge is closed or drains: nothing was taken
  public boolean take(Delivery delivery) throws InterruptedException {
    return pulled.intake().put(delivery);
  }

  /// Who the core knows this edge as.
  public BatchSource identity() {
    return spool.source();
  }

  public EdgeStats stats() {
    return new EdgeStats(
        sources.stream().map(Source::stats).toList(),
        spool.stats(),
        uplink.stats(),
        pulled.intake().bytes() + waitedFor.intake().bytes(),
        encoding.stats());
  }

  /// The port that a source listens on; empty when it does not, or is not there.
  public OptionalInt port(String sourceName) {
    for (Source source : sources) {
      if (source.name().equals(sourceName)) {
        return source.port();
      }
    }
    return OptionalInt.empty();
  }

  /// Whether [#hasEnded] may ever be true.
  public boolean mayEnd() {
    return sources.stream().allMatch(Source::mayEnd);
  }

  /// Whether every source came to the end of its input, as standard input does.
  public boolean hasEnded() {
    return sources.stream().allMatch(source -> source.stats().state() == SourceState.ENDED);
  }

  /// Stops reading, writes what was read, and waits until a core has all of it.
  ///
  /// @return whether it has; the rest stays in the spool
  public boolean drain(Duration deadline) {
    long endNanos = clock.nanoTime() + deadline.toNanos();
    boolean isWritten = stopReading(deadline);
    Duration rest = Duration.ofNanos(Math.max(0, endNanos - clock.nanoTime()));
    return uplink.drain(rest) && isWritten;
  }

  /// Stops reading, writes what was read, ends the uplink where it is. Idempotent.
  @Override
  public void close() {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    stopReading(CLOSE_WAIT);
    pulled.thread().close();
    waitedFor.thread().close();
    encodingThread.close();
    uplink.close();
    spool.close();
  }

  private boolean stopReading(Duration deadline) {
    sources.forEach(Source::close);
    boolean isDrained = true;
    for (Feed feed : List.of(pulled, waitedFor)) {
      feed.intake().close();
      feed.thread().wake();
      isDrained &= feed.batcher().awaitDrained(deadline);
    }
    return isDrained;
  }
}
