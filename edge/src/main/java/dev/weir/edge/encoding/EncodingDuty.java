package dev.weir.edge.encoding;

import dev.weir.base.Clock;
import dev.weir.flow.LevelController;
import dev.weir.link.DictionaryListener;
import dev.weir.link.LinkStats;
import java.util.function.Supplier;

/// What is done beside encoding so that it does better: watches where the bottleneck is, and trains
/// dictionaries. Stepped by one thread of low priority (`weir-encoding`), by hand in tests.
public final class EncodingDuty {
  /// 100 ms: fifty looks make the five seconds that decide about a level.
  private static final long LOOK_NANOS = 100_000_000L;

  /// 1 s: while nothing is encoded and nothing is on its way there is nothing to decide on.
  private static final long QUIET_NANOS = 1_000_000_000L;

  private final CompressionPolicy policy;
  private final AdaptiveEncoder encoder;
  private final DictionaryTraining training;
  private final Supplier<LinkStats> link;
  private final Clock clock;
  private final LevelController levels;
  private final BatchSize batchSize = new BatchSize();
  private long lastNanos;
  private long heldNanos;
  private long lastRawBytes;
  private boolean isQuiet;

  public EncodingDuty(
      CompressionPolicy policy,
      AdaptiveEncoder encoder,
      TrainingLimits limits,
      DictionaryExchange exchange,
      Supplier<LinkStats> link,
      Clock clock) {
    this.policy = policy;
    this.encoder = encoder;
    this.training = new DictionaryTraining(encoder, limits, exchange);
    this.link = link;
    this.clock = clock;
    this.lastNanos = clock.nanoTime();
    this.levels = new LevelController(lastNanos);
  }

  /// What the link tells about dictionaries.
  public DictionaryListener listener() {
    return training;
  }

  /// One look; takes seconds when a dictionary is trained.
  ///
  /// @return false: there is nothing to do until the next one
  public boolean step() {
    long nowNanos = clock.nanoTime();
    LinkStats stats = link.get();
    if (BatchSize.isHeldBack(stats) && !isQuiet) { // A quiet second says nothing about its own end.
      heldNanos += nowNanos - lastNanos;
    }
    lastNanos = nowNanos;
    isQuiet = stats.inFlightFrames() == 0 && encoder.rawBytes() == lastRawBytes;
    lastRawBytes = encoder.rawBytes();
    encoder.fullBytes(
        batchSize.observe(nowNanos, stats, encoder.rawBytes(), encoder.encodedBytes()));
    if (policy.zstdLevel().isEmpty()) {
      encoder.zstdLevel(levels.observe(nowNanos, heldNanos, encoder.busyNanos()));
    }
    if (policy.usesDictionaries()) {
      training.step(nowNanos);
    }
    return false;
  }

  /// How long until the next look.
  public long idleNanos() {
    return isQuiet ? QUIET_NANOS : LOOK_NANOS;
  }

  public EncodingStats stats() {
    return training.stats();
  }
}
