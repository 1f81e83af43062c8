package dev.weir.broker;

import dev.weir.message.TopicFilter;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/// What a match costs: a program, no test. A million topics `site/S/line/L/sensor/N`, a hundred
/// thousand filters or as many as the first argument says: most name a topic, a tenth have `+`, one
/// in a hundred ends in `#`. Prints the time of a look-up of a topic that is not remembered.
final class FilterMeasurement {
  private static final int TOPICS = 1_000_000;
  private static final int SITES = 100;
  private static final int LINES = 100;
  private static final int SENSORS = TOPICS / SITES / LINES;
  private static final int LOOKS = 2_000_000;

  /// Taken together, since one look-up is too short for the clock.
  private static final int GROUP = 10;

  private FilterMeasurement() {}

  public static void main(String[] arguments) {
    int filters = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
    SplittableRandom random = new SplittableRandom(7);
    FilterIndex<Integer> index = new FilterIndex<>();
    long before = usedBytes();
    long start = System.nanoTime();
    for (int i = 0; i < filters; i++) {
      index.add(TopicFilter.parse(filter(random)), i);
    }
    System.out.printf(
        Locale.ROOT,
        "%,d filters: %.0f ns to add one, %.0f B each%n",
        filters,
        (System.nanoTime() - start) / (double) filters,
        (usedBytes() - before) / (double) filters);
    String[] topics = new String[TOPICS];
    Arrays.setAll(topics, i -> topic(i / LINES / SENSORS, i / SENSORS % LINES, i % SENSORS));
    for (int round = 1; round <= 3; round++) {
      measure(index, topics, random);
    }
  }

  private static void measure(
      FilterIndex<Integer> index, String[] topics, SplittableRandom random) {
    long[] matched = new long[1];
    long[] nanos = new long[LOOKS / GROUP];
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      for (int k = 0; k < GROUP; k++) {
        index.forEachMatch(topics[random.nextInt(TOPICS)], _ -> matched[0]++);
      }
      nanos[i] = (System.nanoTime() - start) / GROUP;
    }
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "a look-up of %,d topics: median %d ns, p99 %d ns, %.2f matches each%n",
        TOPICS,
        nanos[nanos.length / 2],
        nanos[nanos.length * 99 / 100],
        matched[0] / (double) LOOKS);
  }

  private static String topic(int site, int line, int sensor) {
    return "site/" + site + "/line/" + line + "/sensor/" + sensor;
  }

  private static String filter(SplittableRandom random) {
    int site = random.nextInt(SITES);
    int line = random.nextInt(LINES);
    int sensor = random.nextInt(SENSORS);
    return switch (random.nextInt(100)) {
      case 0 -> "site/" + site + "/line/" + line + "/#";
      case 1, 2, 3, 4, 5 -> "site/+/line/" + line + "/sensor/" + sensor;
      case 6, 7, 8, 9, 10 -> "site/" + site + "/line/+/sensor/" + sensor;
      default -> topic(site, line, sensor);
    };
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
