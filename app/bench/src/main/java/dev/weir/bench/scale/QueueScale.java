package dev.weir.bench.scale;

import dev.weir.bench.TalkingChild;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A queue of ten million messages against an empty one, in a process with a heap of 256 MB: how
/// long it takes to open, and what publishing and consuming cost beside such a backlog. The empty
/// one is empty again after each round.
final class QueueScale {
  private static final int MESSAGES = 10_000_000;
  private static final double MAX_OPEN_MILLIS = 2_000;
  private static final double MAX_BYTES = 256e6;
  private static final double MAX_SLOWER_PERCENT = 20;

  /// What a round does, in the order of the answer of [ScaleQueue].
  private static final List<String> WORK = List.of("publish", "take in", "consume");

  /// What the queues keep decoded of the newest messages: the empty queue is consumed from memory.
  private static final int WORK_MESSAGES = 50_000;

  private static final int WARM_UP = 10;

  /// A round takes less than half of a second.
  private static final int ROUNDS_A_SECOND = 8;

  private final ScaleOptions options;
  private final Path directory;

  QueueScale(ScaleOptions options, Path directory) {
    this.options = options;
    this.directory = directory;
  }

  private TalkingChild start(String name) throws IOException {
    List<String> words = new ArrayList<>(options.java());
    words.addAll(1, List.of("-Xmx244m", "-XX:+UseSerialGC")); // 256 MB, in MiB.
    words.addAll(List.of(ScaleQueue.class.getName(), directory.resolve(name).toString()));
    return TalkingChild.start(words);
  }

  private double[] ask(TalkingChild child, String question) throws IOException {
    String[] words = child.ask(question).split(" ", -1);
    double[] values = new double[words.length];
    for (int i = 0; i < words.length; i++) {
      values[i] = Double.parseDouble(words[i]);
    }
    return values;
  }

  List<ScaleFigure> run() throws IOException {
    int messages = options.of(MESSAGES);
    double filled;
    try (TalkingChild child = start("full")) {
      filled = ask(child, "fill " + messages)[0];
    }
    try (TalkingChild full = start("full");
        TalkingChild empty = start("empty")) {
      double openMillis = Double.parseDouble(full.ready());
      Memory memory = Memory.parse(full.ask("memory"));
      work(empty, full, WARM_UP);
      Rates rates = work(empty, full, ROUNDS_A_SECOND * options.seconds());
      double length = ask(full, "length")[0];
      if (length < messages * 0.9) {
        throw new IOException("the queue holds " + length + " of " + messages + " messages");
      }
      ScaleCase of = ScaleCase.QUEUE_10M;
      List<ScaleFigure> figures = new ArrayList<>();
      figures.add(new ScaleFigure(of, "open", openMillis, "ms", MAX_OPEN_MILLIS));
      figures.add(
          new ScaleFigure(of, "heap after opening", (double) memory.heap(), "B", MAX_BYTES));
      figures.add(ScaleFigure.of(of, "resident memory", (double) memory.resident(), "B"));
      for (int i = 0; i < WORK.size(); i++) {
        String what = WORK.get(i);
        figures.add(
            new ScaleFigure(of, what + " slower", rates.slower(i), "%", MAX_SLOWER_PERCENT));
        figures.add(ScaleFigure.of(of, what + ", empty", median(rates.empty(), i), "msg/s"));
        figures.add(ScaleFigure.of(of, what + ", full", median(rates.full(), i), "msg/s"));
      }
      figures.add(ScaleFigure.of(of, "filled", filled, "msg/s"));
      figures.add(ScaleFigure.of(of, "messages", messages, ""));
      return figures;
    }
  }

  /// Of each round.
  private record Rates(List<double[]> empty, List<double[]> full) {
    /// The median of what the full queue was slower in a pair.
    double slower(int index) {
      double[] slower = new double[empty.size()];
      for (int i = 0; i < slower.length; i++) {
        slower[i] = (empty.get(i)[index] / full.get(i)[index] - 1) * 100;
      }
      Arrays.sort(slower);
      return slower[slower.length / 2];
    }
  }

  /// Both in turn, so that they meet the same machine.
  private Rates work(TalkingChild empty, TalkingChild full, int rounds) throws IOException {
    Rates rates = new Rates(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < rounds; i++) {
      rates.empty().add(ask(empty, "work " + WORK_MESSAGES));
      rates.full().add(ask(full, "work " + WORK_MESSAGES));
    }
    return rates;
  }

  private static double median(List<double[]> rounds, int index) {
    double[] sorted = rounds.stream().mapToDouble(round -> round[index]).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
