package dev.weir.edge.encoding;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Dictionary;
import dev.weir.message.Encoding;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Encodes each batch with the level of the moment and the dictionary of its class of data, and
/// lets the training look at it. [EncodingDuty] changes both meanwhile.
///
/// A class of data is what the first two levels of a batch's first topic name: sources put what
/// looks alike under one root. Any thread.
public final class AdaptiveEncoder implements BatchEncoder {
  /// A class that was silent for so long gives its place to another.
  private static final long SILENT_NANOS = 600_000_000_000L;

  /// What a publication may name.
  private static final int MAX_CLASS_LENGTH = 85;

  private final boolean usesDictionaries;
  private final TrainingLimits limits;
  private final Clock clock;
  private final RandomGenerator random;
  private final Map<String, DataClass> classes = new LinkedHashMap<>(); // Guarded by itself.
  private final LongAdder busyNanos = new LongAdder();
  private final LongAdder rawBytes = new LongAdder();
  private final LongAdder encodedBytes = new LongAdder();
  private volatile int zstdLevel;
  private volatile int fullBytes = Integer.MAX_VALUE;

  /// @param random picks samples; a generator of its own
  public AdaptiveEncoder(
      CompressionPolicy policy, TrainingLimits limits, Clock clock, RandomGenerator random) {
    this.usesDictionaries = policy.usesDictionaries();
    this.limits = limits;
    this.clock = clock;
    this.random = random;
    this.zstdLevel = policy.zstdLevel().orElse(1);
  }

  @Override
  public Batch encode(BatchBuilder builder, Bytes origin) {
    long startNanos = clock.nanoTime();
    int level = zstdLevel;
    boolean isFit = usesDictionaries && level > 0 && builder.length() <= limits.maxBatchBytes();
    @Nullable DataClass dataClass = isFit ? classOf(builder.firstTopic(), startNanos) : null;
    Optional<Dictionary> dictionary = Optional.empty();
    if (dataClass != null) {
      dataClass.onBatch(builder, startNanos);
      dictionary = dataClass.dictionary();
    }
    Batch batch = builder.build(new Encoding(level, dictionary), origin);
    if (dataClass != null) {
      dataClass.onEncoded(batch);
    }
    rawBytes.add(batch.rawLength());
    encodedBytes.add(batch.payload().length());
    busyNanos.add(clock.nanoTime() - startNanos);
    return batch;
  }

  private @Nullable DataClass classOf(String topic, long nowNanos) {
    String name = nameOf(topic);
    synchronized (classes) {
      DataClass known = classes.get(name);
      if (known != null) {
        return known;
      }
      if (classes.size() >= limits.maxClasses()) {
        removeSilent(nowNanos);
      }
      if (classes.size() >= limits.maxClasses() || name.length() > MAX_CLASS_LENGTH) {
        return null;
      }
      RandomGenerator ownRandom = new SplittableRandom(random.nextLong());
      DataClass fresh = new DataClass(name, limits, ownRandom, nowNanos);
      classes.put(name, fresh);
      return fresh;
    }
  }

  private void removeSilent(long nowNanos) {
    Iterator<DataClass> all = classes.values().iterator();
    while (all.hasNext()) {
      if (nowNanos - all.next().lastNanos() > SILENT_NANOS) {
        all.remove();
        return;
      }
    }
  }

  static String nameOf(String topic) {
    int first = topic.indexOf('/');
    int second = first < 0 ? -1 : topic.indexOf('/', first + 1);
    return second < 0 ? topic : topic.substring(0, second);
  }

  List<DataClass> classes() {
    synchronized (classes) {
      return List.copyOf(classes.values());
    }
  }

  @Override
  public int fullBytes() {
    return fullBytes;
  }

  void fullBytes(int bytes) {
    fullBytes = bytes;
  }

  int zstdLevel() {
    return zstdLevel;
  }

  void zstdLevel(int level) {
    zstdLevel = level;
  }

  /// Time spent in encoding, over all batchers.
  long busyNanos() {
    return busyNanos.sum();
  }

  long rawBytes() {
    return rawBytes.sum();
  }

  long encodedBytes() {
    return encodedBytes.sum();
  }
}
