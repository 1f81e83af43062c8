package dev.weir.bench.scale;

import dev.weir.broker.FilterIndex;
import dev.weir.message.TopicFilter;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// What holding a topic against 100,000 filters costs. A million topics `site/S/line/L/sensor/N`;
/// of the filters most name a topic, a tenth have `+`, one in a hundred ends in `#`. Topics are
/// looked up in no order, so that none is remembered from the time before.
final class TopicsScale {
  private static final int FILTERS = 100_000;
  private static final int TOPICS = 1_000_000;
  private static final int SITES = 100;
  private static final int LINES = 100;
  private static final int LOOKS = 2_000_000;
  private static final double MAX_NANOS = 2_000;

  /// Taken together, since one look-up is too short for the clock.
  private static final int GROUP = 10;

  private final SplittableRandom random = new SplittableRandom(7);
  private final int filters;
  private final int looks;
  private final int sensors;
  private long matches;

  TopicsScale(ScaleOptions options) {
    filters = options.of(FILTERS);
    looks = options.of(LOOKS);
    sensors = Math.max(1, options.of(TOPICS) / SITES / LINES);
  }

  List<ScaleFigure> run() {
    long before = Memory.usedHeap();
    FilterIndex<Integer> index = new FilterIndex<>();
    for (int i = 0; i < filters; i++) {
      index.add(TopicFilter.parse(filter()), i);
    }
    double each = (Memory.usedHeap() - before) / (double) filters;
    String[] topics = new String[SITES * LINES * sensors];
    Arrays.setAll(topics, i -> topic(i / LINES / sensors, i / sensors % LINES, i % sensors));
    var _ = looks(index, topics); // The first time is the compiler's.
    matches = 0;
    long[] nanos = looks(index, topics);
    return List.of(
        new ScaleFigure(
            ScaleCase.TOPICS, "match, median", (double) nanos[nanos.length / 2], "ns", MAX_NANOS),
        ScaleFigure.of(
            ScaleCase.TOPICS, "match, p99", (double) nanos[nanos.length * 99 / 100], "ns"),
        ScaleFigure.of(
            ScaleCase.TOPICS, "matches each", matches / (double) nanos.length / GROUP, "filters"),
        ScaleFigure.of(ScaleCase.TOPICS, "a filter", each, "B"),
        ScaleFigure.of(ScaleCase.TOPICS, "filters", filters, ""),
        ScaleFigure.of(ScaleCase.TOPICS, "topics", topics.length, ""));
  }

  private long[] looks(FilterIndex<Integer> index, String[] topics) {
    long[] nanos = new long[Math.max(1, looks / GROUP)];
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      for (int k = 0; k < GROUP; k++) {
        index.forEachMatch(topics[random.nextInt(topics.length)], _ -> matches++);
      }
      nanos[i] = (System.nanoTime() - start) / GROUP;
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private static String topic(int site, int line, int sensor) {
    return "site/" + site + "/line/" + line + "/sensor/" + sensor;
  }

  private String filter() {
    int site = random.nextInt(SITES);
    int line = random.nextInt(LINES);
    int sensor = random.nextInt(sensors);
    return switch (random.nextInt(100)) {
      case 0 -> "site/" + site + "/line/" + line + "/#";
      case 1, 2, 3, 4, 5 -> "site/+/line/" + line + "/sensor/" + sensor;
      case 6, 7, 8, 9, 10 -> "site/" + site + "/line/+/sensor/" + sensor;
      default -> topic(site, line, sensor);
    };
  }
}
