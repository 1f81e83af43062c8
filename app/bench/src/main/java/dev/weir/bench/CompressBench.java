package dev.weir.bench;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.bench.data.DataPool;
import dev.weir.bench.data.DataSet;
import dev.weir.bench.data.LabelMessages;
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
/// sender waits for each: trained on some, measured on others. And what columns gain and cost on
/// rows, in batches as an edge makes them. One thread.
public final class CompressBench {
  /// Messages of about 0.8, 3, 8 and 14 KB.
  private static final int[] SIZES = {800, 3_000, 8_000, 14_000};

  /// As much as an edge gathers.
  private static final int SAMPLE_BYTES = 4 << 20;

  private static final int MEASURED_BYTES = 4 << 20;

  /// An edge's batch.
  private static final int BATCH_BYTES = 256 << 10;

  /// What arrives as rows.
  private static final List<DataSet> ROWS = List.of(DataSet.SEED_MIX, DataSet.JSON);

  /// What an edge asks for before it uses a dictionary.
  private static final double LEAST_GAIN = 1.05;

  private final CompressOptions options;
  private final Clock clock;
  private final Consumer<String> progress;

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
    for (DataSet set : ROWS) {
      measureColumns(set, rows, ratios);
    }
    return new BenchReport("compress", rows, ratios, env);
  }

  private void measureColumns(DataSet set, List<BenchRow> rows, Map<String, Double> ratios) {
    String name = set.label();
    progress.accept(name);
    List<List<Message>> batches = batches(set);
    CodecWay plain = way(Encoding.plain(options.zstdLevel()), false);
    CodecWay columns = way(Encoding.plain(options.zstdLevel()), true);
    for (int run = 0; run <= options.runs(); run++) {
      plain.measure(batches, run > 0);
      columns.measure(batches, run > 0);
    }
    rows.add(plain.row(name + " plain"));
    rows.add(columns.row(name + " columns"));
    ratios.put(name + ": ratio with columns / plain", columns.ratio() / plain.ratio());
    ratios.put(name + ": speed with columns / plain", columns.encodeRate() / plain.encodeRate());
  }

  /// Each row of JSON is a message, as an edge's HTTP source makes them of lines; binary rows come
  /// many in a body.
  private List<List<Message>> batches(DataSet set) {
    DataPool pool = new DataPool(set, options.seed(), new ByteSize(MEASURED_BYTES));
    List<List<Message>> batches = new ArrayList<>();
    List<Message> batch = new ArrayList<>();
    int bytes = 0;
    for (long number = 0; batches.size() * (long) BATCH_BYTES < MEASURED_BYTES; number++) {
      for (Message message : set.messages(Bytes.wrap(pool.body(number)))) {
        batch.add(message);
        bytes += message.body().length();
      }
      if (bytes >= BATCH_BYTES) {
        batches.add(batch);
        batch = new ArrayList<>();
        bytes = 0;
      }
    }
    return batches;
  }

  private CodecWay way(Encoding encoding, boolean isColumnar) {
    return new CodecWay(encoding, isColumnar, clock, options.runMillis() * 1_000_000L);
  }

  private void measure(
      LabelMessages.Kind kind, int size, List<BenchRow> rows, Map<String, Double> ratios) {
    String name = kind.name().toLowerCase(Locale.ROOT) + " " + size;
    progress.accept(name);
    long startNanos = clock.nanoTime();
    Optional<Dictionary> dictionary =
        DictionaryTrainer.train(samples(kind, size), Dictionary.DEFAULT_BYTES, options.zstdLevel());
    double trainSeconds = (clock.nanoTime() - startNanos) / 1e9;
    List<List<Message>> batches =
        messages(kind, size, options.seed() + 1, MEASURED_BYTES).stream().map(List::of).toList();
    CodecWay plain = way(Encoding.plain(options.zstdLevel()), false);
    CodecWay trained = way(new Encoding(options.zstdLevel(), dictionary), false);
    for (int run = 0; run <= options.runs(); run++) {
      plain.measure(batches, run > 0);
      trained.measure(batches, run > 0);
    }
    double gain = trained.ratio() / plain.ratio();
    rows.add(plain.row(name + " plain"));
    rows.add(
        trained
            .row(name + " dictionary")
            .with("trainSeconds", trainSeconds)
            .with("adopted", dictionary.isPresent() && gain >= LEAST_GAIN ? 1 : 0));
    ratios.put(name + ": ratio with dictionary / plain", gain);
    ratios.put(name + ": speed with dictionary / plain", trained.encodeRate() / plain.encodeRate());
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
}
