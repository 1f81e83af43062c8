package dev.weir.edge.encoding;

import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Codec;
import dev.weir.message.Dictionary;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Batches that look alike, and what is known of how they compress. Batchers encode on their
/// threads; the training thread drives [#phase]. Fields are written under the monitor.
final class DataClass {
  /// Where a class stands.
  enum Phase {
    /// Samples are gathered.
    GATHERING,
    /// A dictionary gained on the holdout and was offered to the core.
    OFFERED,
    /// A dictionary is in use.
    IN_USE,
    /// The last training gained too little: nothing is done until the rest is over.
    RESTING
  }

  /// About the last sixty batches decide.
  private static final double WEIGHT = 1 / 64.0;

  /// A ratio that fell by so much means other data than the dictionary was trained on (research:
  /// edge.md §6).
  private static final double DECAY = 0.85;

  /// Batches after which the ratio in use is taken as what to compare with later.
  private static final int SETTLING = 128;

  private final String name;
  private final Samples samples;
  private Phase phase = Phase.GATHERING;
  private long phaseNanos;
  private int failures;
  private @Nullable Dictionary dictionary;
  private @Nullable Dictionary candidate;
  private long rawBytes;
  private long encodedBytes;
  private long lastNanos;
  private double rolling;
  private double reference;
  private int sinceAdoption;

  DataClass(String name, TrainingLimits limits, RandomGenerator random, long nowNanos) {
    this.name = name;
    this.samples = new Samples(limits, random);
    this.phaseNanos = nowNanos;
    this.lastNanos = nowNanos;
  }

  String name() {
    return name;
  }

  Samples samples() {
    return samples;
  }

  synchronized Optional<Dictionary> dictionary() {
    return Optional.ofNullable(dictionary);
  }

  /// What another edge trained and this one may try.
  synchronized Optional<Dictionary> candidate() {
    return Optional.ofNullable(candidate);
  }

  synchronized void candidate(@Nullable Dictionary newCandidate) {
    candidate = newCandidate;
  }

  /// A batch is about to be encoded.
  void onBatch(BatchBuilder builder, long nowNanos) {
    boolean isGathering;
    synchronized (this) {
      lastNanos = nowNanos;
      isGathering = phase == Phase.GATHERING;
    }
    if (isGathering) {
      samples.offer(builder);
    }
  }

  /// A batch was encoded.
  synchronized void onEncoded(Batch batch) {
    int encoded = Math.max(1, batch.payload().length());
    rawBytes += batch.rawLength();
    encodedBytes += encoded;
    if (batch.codec() == Codec.COLUMNAR_ZSTD) {
      return; // Says nothing about dictionaries.
    }
    double ratio = (double) batch.rawLength() / encoded;
    rolling += rolling == 0 ? ratio : WEIGHT * (ratio - rolling);
    boolean usesCurrent = dictionary != null && batch.dictionaryId() == dictionary.id();
    if (usesCurrent && ++sinceAdoption == SETTLING) {
      reference = rolling;
    }
  }

  synchronized Phase phase() {
    return phase;
  }

  synchronized long phaseNanos() {
    return phaseNanos;
  }

  synchronized long lastNanos() {
    return lastNanos;
  }

  /// Trainings in a row that gained too little.
  synchronized int failures() {
    return failures;
  }

  synchronized void go(Phase next, long nowNanos) {
    phase = next;
    phaseNanos = nowNanos;
    failures = next == Phase.RESTING ? failures + 1 : next == Phase.IN_USE ? 0 : failures;
  }

  /// Uses a dictionary from now on, or none.
  synchronized void use(@Nullable Dictionary next) {
    dictionary = next;
    sinceAdoption = 0;
    reference = 0;
    rolling = 0;
  }

  /// Whether the dictionary in use does clearly less than it did.
  synchronized boolean hasDecayed() {
    return phase == Phase.IN_USE && reference > 0 && rolling < DECAY * reference;
  }

  synchronized EncodingStats.ClassStats stats() {
    return new EncodingStats.ClassStats(
        name,
        phase.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
        dictionary == null ? 0 : dictionary.id(),
        rawBytes,
        encodedBytes);
  }
}
