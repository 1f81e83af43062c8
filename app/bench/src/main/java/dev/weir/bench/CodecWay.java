package dev.weir.bench;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.BatchReader;
import dev.weir.message.Encoding;
import dev.weir.message.Message;
import java.util.ArrayList;
import java.util.List;

/// One way of encoding the same batches, through the builder and the reader that an edge and a core
/// use: how much smaller they become, and how fast both ways are. One thread.
final class CodecWay {
  /// Larger than any batch that is measured.
  private static final int MAX_BYTES = 1 << 20;

  private final Encoding encoding;
  private final BatchBuilder builder;
  private final Clock clock;
  private final long runNanos;
  private final List<Double> encodeRates = new ArrayList<>();
  private final List<Double> decodeRates = new ArrayList<>();
  private double ratio;

  CodecWay(Encoding encoding, boolean isColumnar, Clock clock, long runNanos) {
    this.encoding = encoding;
    this.builder = new BatchBuilder(MAX_BYTES, isColumnar);
    this.clock = clock;
    this.runNanos = runNanos;
  }

  /// Encodes and decodes for a run each.
  ///
  /// @param batches the messages of each
  /// @param counts false for a run that only warms up
  void measure(List<List<Message>> batches, boolean counts) {
    List<Batch> encoded = new ArrayList<>(batches.size());
    double encodeRate =
        rate(
            batches.size(),
            i -> {
              batches.get(i).forEach(builder::add);
              Batch batch = builder.build(encoding, Bytes.EMPTY);
              if (encoded.size() < batches.size()) {
                encoded.add(batch);
              }
              return batch.rawLength();
            });
    double decodeRate = rate(encoded.size(), i -> bodyBytes(encoded.get(i)));
    long raw = 0;
    long packed = 0;
    for (Batch batch : encoded) {
      raw += batch.rawLength();
      packed += batch.payload().length();
    }
    ratio = (double) raw / packed;
    if (counts) {
      encodeRates.add(encodeRate);
      decodeRates.add(decodeRate);
    }
  }

  private static int bodyBytes(Batch batch) {
    int bytes = 0;
    for (Message message : BatchReader.read(batch)) {
      bytes += message.body().length();
    }
    return bytes;
  }

  /// Does one piece of work; tells the raw bytes of it.
  @FunctionalInterface
  private interface Work {
    int run(int index);
  }

  /// MB/s over whole rounds of the pieces.
  private double rate(int pieces, Work work) {
    long bytes = 0;
    long startNanos = clock.nanoTime();
    long endNanos = startNanos + runNanos;
    do {
      for (int i = 0; i < pieces; i++) {
        bytes += work.run(i);
      }
    } while (clock.nanoTime() - endNanos < 0);
    return bytes * 1e3 / (clock.nanoTime() - startNanos);
  }

  /// How many times smaller the batches became.
  double ratio() {
    return ratio;
  }

  /// MB/s of raw bytes, the median of the runs that counted.
  double encodeRate() {
    return median(encodeRates);
  }

  BenchRow row(String name) {
    return BenchRow.of(name, encodeRate(), "MB/s")
        .with("decodeMBs", median(decodeRates))
        .with("ratio", ratio);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
