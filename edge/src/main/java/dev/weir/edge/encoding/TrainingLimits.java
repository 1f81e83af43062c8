package dev.weir.edge.encoding;

import dev.weir.message.Dictionary;
import java.time.Duration;

/// What dictionaries may cost.
///
/// @param dictionaryBytes of one at most
/// @param sampleBytes gathered for training one
/// @param holdoutBytes kept aside for judging it, as whole batches
/// @param minHoldout batches without which none is judged
/// @param maxClasses classes of data that may have one; further ones go without
/// @param maxBatchBytes raw batches above this do not use one: they gain nothing, and must fit a
///   frame without it as well
/// @param rest after a training that gained too little; doubles up to thirty-two times
/// @param gather how long samples are gathered at least, so that a burst is not the whole picture
public record TrainingLimits(
    int dictionaryBytes,
    int sampleBytes,
    int holdoutBytes,
    int minHoldout,
    int maxClasses,
    int maxBatchBytes,
    Duration rest,
    Duration gather) {
  /// Forty dictionaries of samples: from twenty to a hundred the gain differed by 1 % on labels of
  /// 3 to 14 KB. Four classes in training at once would hold 20 MiB.
  public static final TrainingLimits DEFAULT =
      new TrainingLimits(
          Dictionary.DEFAULT_BYTES,
          4 << 20,
          1 << 20,
          16,
          4,
          256 << 10,
          Duration.ofMinutes(10),
          Duration.ofSeconds(30));
}
