package dev.weir.edge.encoding;

import dev.weir.base.Bytes;
import dev.weir.message.BatchBuilder;
import dev.weir.message.DictionaryTrainer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Raw batches of one class of data: most for training, every eighth whole for judging. Any thread;
/// the monitor is held while a batch is copied.
///
/// Once full it keeps a uniform sample of all that came (reservoir sampling, Vitter 1985, algorithm
/// R, by counts of about equal size), so that a class that trickles is not judged by its first
/// minute.
final class Samples {
  private static final int HOLDOUT_EVERY = 8;

  private final TrainingLimits limits;
  private final RandomGenerator random;
  private final List<Bytes> training = new ArrayList<>();
  private final List<Bytes> holdout = new ArrayList<>();
  private long trainingBytes;
  private long holdoutBytes;
  private long seen;

  Samples(TrainingLimits limits, RandomGenerator random) {
    this.limits = limits;
    this.random = random;
  }

  /// Looks at a batch that is about to be encoded.
  synchronized void offer(BatchBuilder builder) {
    seen++;
    if (seen % HOLDOUT_EVERY == 0) {
      if (holdoutBytes + builder.length() <= limits.holdoutBytes()) {
        holdout.add(builder.raw());
        holdoutBytes += builder.length();
      } else if (!holdout.isEmpty()) {
        replace(holdout, random.nextInt(holdout.size()), builder, limits.maxBatchBytes());
      }
    } else if (trainingBytes < limits.sampleBytes()) {
      Bytes sample = sample(builder, DictionaryTrainer.MAX_SAMPLE_BYTES);
      training.add(sample);
      trainingBytes += sample.length();
    } else {
      long slot = random.nextLong(seen);
      if (slot < training.size()) {
        replace(training, (int) slot, builder, DictionaryTrainer.MAX_SAMPLE_BYTES);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // which of the two lists it is, whatever they hold
  private void replace(List<Bytes> samples, int index, BatchBuilder builder, int maxBytes) {
    Bytes sample = sample(builder, maxBytes);
    int grown = sample.length() - samples.get(index).length();
    boolean isHoldout = samples == holdout;
    long bytes = (isHoldout ? holdoutBytes : trainingBytes) + grown;
    if (bytes > 2L * (isHoldout ? limits.holdoutBytes() : limits.sampleBytes())) {
      return; // Batches have become much larger; what is there still serves.
    }
    samples.set(index, sample);
    if (isHoldout) {
      holdoutBytes = bytes;
    } else {
      trainingBytes = bytes;
    }
  }

  private static Bytes sample(BatchBuilder builder, int maxBytes) {
    return builder.raw(maxBytes);
  }

  /// Whether there is as much as is wanted.
  synchronized boolean isFull() {
    return trainingBytes >= limits.sampleBytes() && canJudge();
  }

  /// Whether there is enough for a dictionary of some use: ten times its bytes.
  synchronized boolean isEnough() {
    return trainingBytes >= 10L * Math.min(limits.dictionaryBytes(), limits.sampleBytes() / 10)
        && canJudge();
  }

  synchronized boolean canJudge() {
    return holdout.size() >= limits.minHoldout();
  }

  synchronized List<Bytes> training() {
    return List.copyOf(training);
  }

  synchronized List<Bytes> holdout() {
    return List.copyOf(holdout);
  }

  synchronized void clear() {
    training.clear();
    holdout.clear();
    trainingBytes = 0;
    holdoutBytes = 0;
    seen = 0;
  }
}
