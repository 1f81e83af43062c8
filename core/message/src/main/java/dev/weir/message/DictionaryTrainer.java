package dev.weir.message;

import com.github.luben.zstd.ZstdDictTrainer;
import com.github.luben.zstd.ZstdException;
import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.WeirException;
import java.util.List;
import java.util.Optional;

/// Trains dictionaries with zstd's own algorithm (fastCover of lib/dictBuilder). Takes a tenth of a
/// second to some seconds of one core and several times the samples' bytes outside the heap: for
/// threads on which nothing waits.
public final class DictionaryTrainer {
  /// Beyond this a sample's later parts would crowd out others: a dictionary helps where a payload
  /// begins.
  public static final int MAX_SAMPLE_BYTES = 16 << 10;

  /// zstd gives up on fewer.
  private static final int MIN_SAMPLES = 8;

  private DictionaryTrainer() {}

  /// Trains one.
  ///
  /// @param samples raw payloads; of each the first [#MAX_SAMPLE_BYTES] count. A hundred times the
  ///   dictionary's bytes are ideal, ten times do
  /// @param dictionaryBytes of the result at most, 1 KiB to [Dictionary#MAX_BYTES]
  /// @param zstdLevel that it will be used with, 1 to 19
  /// @return empty when the samples are too few or too much alike to learn from
  public static Optional<Dictionary> train(
      List<Bytes> samples, int dictionaryBytes, int zstdLevel) {
    Checks.range("dictionaryBytes", dictionaryBytes, 1 << 10, Dictionary.MAX_BYTES);
    int total = 0;
    for (Bytes sample : samples) {
      total = Math.addExact(total, Math.min(sample.length(), MAX_SAMPLE_BYTES));
    }
    if (samples.size() < MIN_SAMPLES) {
      return Optional.empty();
    }
    ZstdDictTrainer trainer = new ZstdDictTrainer(total, dictionaryBytes, zstdLevel);
    for (Bytes sample : samples) {
      trainer.addSample(sample.slice(0, Math.min(sample.length(), MAX_SAMPLE_BYTES)).toArray());
    }
    try {
      return Optional.of(Dictionary.trained(trainer.trainSamples()));
    } catch (ZstdException | WeirException _) {
      return Optional.empty(); // zstd found nothing to learn.
    }
  }
}
