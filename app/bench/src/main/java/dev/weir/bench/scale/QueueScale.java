package dev.weir.bench.scale;

import dev.weir.bench.TalkingChild;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A queue of ten million messages against an empty one, in a process with a heap of 256 MB: how
/// long it takes to open, and what publishing and consuming cost beside such a backlog.
final class QueueScale {
  private static final int MESSAGES = 10_000_000;
  private static final double MAX_OPEN_MILLIS = 2_000;
  private static final double MAX_BYTES = 256e6;
  private static final double MAX_SLOWER_PERCENT = 20;

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
    String work = "work " + options.seconds();
    double[] empty;
    try (TalkingChild child = start("empty")) {
      ask(child, work); // The first time is the compiler's.
      empty = ask(child, work);
    }
    double filled;
    try (TalkingChild child = start("full")) {
      filled = ask(child, "fill " + messages)[0];
    }
    try (TalkingChild child = start("full")) {
      String[] ready = child.ready().split(" ", -1);
      Memory memory = Memory.parse(child.ask("memory"));
      ask(child, work);
      double[] full = ask(child, work);
      double length = ask(child, "length")[0];
      if (length < messages * 0.5) {
        throw new IOException("the queue holds " + length + " of " + messages + " messages");
      }
      ScaleCase of = ScaleCase.QUEUE_10M;
      return List.of(
          new ScaleFigure(of, "open", Double.parseDouble(ready[0]), "ms", MAX_OPEN_MILLIS),
          new ScaleFigure(of, "heap after opening", (double) memory.heap(), "B", MAX_BYTES),
          ScaleFigure.of(of, "resident memory", (double) memory.resident(), "B"),
          new ScaleFigure(of, "publish slower", slower(empty[0], full[0]), "%", MAX_SLOWER_PERCENT),
          new ScaleFigure(of, "consume slower", slower(empty[1], full[1]), "%", MAX_SLOWER_PERCENT),
          ScaleFigure.of(of, "publish, empty", empty[0], "msg/s"),
          ScaleFigure.of(of, "publish, full", full[0], "msg/s"),
          ScaleFigure.of(of, "consume, empty", empty[1], "msg/s"),
          ScaleFigure.of(of, "consume, full", full[1], "msg/s"),
          ScaleFigure.of(of, "filled", filled, "msg/s"),
          ScaleFigure.of(of, "messages", messages, ""));
    }
  }

  private static double slower(double empty, double full) {
    return (empty / full - 1) * 100;
  }
}
