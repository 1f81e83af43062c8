package dev.weir.bench;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.bench.data.LabelMessages;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Dictionary;
import dev.weir.message.DictionaryTrainer;
import dev.weir.message.Encoding;
import dev.weir.message.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What a dictionary gains and costs on messages that are batches of their own, as they are where a
/// sender waits for each: trained on some, measured on others, through the builder and the reader
/// that an edge and a core use. One thread.
public final class CompressBench {
  /// Messages of about 0.8, 3, 8 and 14 KB.
  private static final int[] SIZES = {800, 3_000, 8_000, 14_000};

  /// As much as an edge gathers.
  private static final int SAMPLE_BYTES = 4 << 20;

  private static final int MEASURED_BYTES = 4 << 20;

  /// What an edge asks for before it uses a dictionary.
  private static final double LEAST_GAIN = 1.05;

  private final CompressOptions options;
  private final Clock clock;
  private final Consumer<String> progress;

  /// One way of encoding the same messages.
  private static final class Way {
    private final Encoding encoding;
    private final List<Double> encodeRates = new ArrayList<>();
    private final List<Double> decodeRates = new ArrayList<>();
    private double ratio;

    Way(Encoding encoding) {
      this.encoding = encoding;
    }
  }

  public CompressBench(CompressOptions options, Clock clock, Consumer<String> progress) {
    this.options = options;
    this.clock = clock;
    this.progress = progress;
  }

  public BenchReport run() {
    Map<String, String> env = BenchReport.machine();
    env.put("zstdLevel", Integer.toString(options.zstdLevel()));
    env.put("dictionaryBytes", Integer.toString(Dictionary.DEFAULT_BYTES));
    env.put("sampleBytes", Integer.toString(SAMPLE_BYTES));
    env.put("seed", Long.toString(options.seed()));
    List<BenchRow> rows = new ArrayList<>();
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (LabelMessages.Kind kind : LabelMessages.Kind.values()) {
      for (int size : SIZES) {
        measure(kind, size, rows, ratios);
      }
    }
    return new BenchReport("compress", rows, ratios, env);
  }

  private void measure(
      LabelMessages.Kind kind, int size, List<BenchRow> rows, Map<String, Double> ratios) {
    String name = kind.name().toLowerCase(Locale.ROOT) + " " + size;
    progress.accept(name);
    long startNanos = clock.nanoTime();
    Optional<Dictionary> dictionary =
        DictionaryTrainer.train(samples(kind, size), Dictionary.DEFAULT_BYTES, options.zstdLevel());
    double trainSeconds = (clock.nanoTime() - startNanos) / 1e9;
    List<Message> messages = messages(kind, size, options.seed() + 1, MEASURED_BYTES);
    Way plain = new Way(Encoding.plain(options.zstdLevel()));
    Way trained = new Way(new Encoding(options.zstdLevel(), dictionary));
    for (int run = 0; run <= options.runs(); run++) {
      measure(plain, messages, run > 0);
      measure(trained, messages, run > 0);
    }
    double gain = trained.ratio / plain.ratio;
    rows.add(row(name + " plain", plain));
    rows.add(
        row(name + " dictionary", trained)
            .with("trainSeconds", trainSeconds)
            .with("adopted", dictionary.isPresent() && gain >= LEAST_GAIN ? 1 : 0));
    ratios.put(name + ": ratio with dictionary / plain", gain);
    ratios.put(
        name + ": speed with dictionary / plain",
        median(trained.encodeRates) / median(plain.encodeRates));
  }

  private List<Bytes> samples(LabelMessages.Kind kind, int size) {
    List<Bytes> samples = new ArrayList<>();
    BatchBuilder builder = new BatchBuilder(1 << 20);
    for (Message message : messages(kind, size, options.seed(), SAMPLE_BYTES)) {
      builder.add(message);
      samples.add(builder.raw());
      builder.build(0, Bytes.EMPTY);
    }
    return samples;
  }

  private static List<Message> messages(
      LabelMessages.Kind kind, int size, long seed, int totalBytes) {
    LabelMessages source = new LabelMessages(kind, seed);
    List<Message> messages = new ArrayList<>();
    for (int bytes = 0; bytes < totalBytes; bytes += messages.getLast().body().length()) {
      messages.add(source.next(size));
    }
    return messages;
  }

  private void measure(Way way, List<Message> messages, boolean counts) {
    List<Batch> batches = new ArrayList<>(messages.size());
    BatchBuilder builder = new BatchBuilder(1 << 20);
    double encodeRate =
        rate(
            messages.size(),
            i -> {
              builder.add(messages.get(i));
              Batch batch = builder.build(way.encoding, Bytes.EMPTY);
              if (batches.size() < messages.size()) {
                batches.add(batch);
              }
              return batch.rawLength();
            });
    double decodeRate =
        rate(
            batches.size(),
            i -> dev.weir.message.BatchReader.read(batches.get(i)).getFirst().body().length());
    long raw = 0;
    long encoded = 0;
    for (Batch batch : batches) {
      raw += batch.rawLength();
      encoded += batch.payload().length();
    }
    way.ratio = (double) raw / encoded;
    if (counts) {
      way.encodeRates.add(encodeRate);
      way.decodeRates.add(decodeRate);
    }
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
    long endNanos = startNanos + options.runMillis() * 1_000_000L;
    do {
      for (int i = 0; i < pieces; i++) {
        bytes += work.run(i);
      }
    } while (clock.nanoTime() - endNanos < 0);
    return bytes * 1e3 / (clock.nanoTime() - startNanos);
  }

  private static BenchRow row(String name, Way way) {
    return BenchRow.of(name, median(way.encodeRates), "MB/s")
        .with("decodeMBs", median(way.decodeRates))
        .with("ratio", way.ratio);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
