package dev.weir.message;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Rows of JSON as programs write them, one a body, for [ColumnarMeasure].
final class JsonMeasureRows {
  private static final long START_MILLIS = 1_767_225_600_000L;
  private static final String[] GAUGES = {"cpu_user", "cpu_system", "cpu_iowait", "mem_percent"};
  private static final String[] COUNTERS = {"read", "written", "received", "sent", "errors"};

  private final RandomGenerator random;

  JsonMeasureRows(RandomGenerator random) {
    this.random = random;
  }

  /// A value of one of many series, a quarter gauges of two decimals, a quarter counters, the rest
  /// mostly as before.
  Supplier<byte[]> narrow(int seriesCount) {
    double[] values = random.doubles(seriesCount, 0, 1000).toArray();
    int[] row = {0};
    return () -> {
      int series = row[0] % seriesCount;
      long millis = START_MILLIS + 10_000L * (row[0]++ / seriesCount) + random.nextInt(40);
      values[series] =
          switch (series % 4) {
            case 0 -> Math.rint(100 * (values[series] + random.nextGaussian())) / 100;
            case 1 -> Math.rint(values[series]) + random.nextInt(5_000);
            default -> random.nextInt(200) == 0 ? random.nextDouble() : values[series];
          };
      return bytes(
          String.format(
              Locale.ROOT,
              "{\"series\":\"host-%d.metric_%d\",\"time\":%d,\"value\":%s}",
              series / 40,
              series % 40,
              millis,
              values[series]));
    };
  }

  /// Four gauges and five counters of one of many hosts.
  Supplier<byte[]> wide(int hosts) {
    long[][] counters = new long[hosts][];
    for (int host = 0; host < hosts; host++) {
      counters[host] = random.longs(COUNTERS.length, 0, 1L << 40).toArray();
    }
    int[] row = {0};
    return () -> {
      int host = row[0] % hosts;
      long millis = START_MILLIS + 10_000L * (row[0]++ / hosts) + random.nextInt(40);
      StringBuilder text = new StringBuilder();
      text.append("{\"time\":").append(millis).append(",\"host\":\"host-").append(host);
      text.append("\",\"region\":\"eu-").append(host % 9).append('"');
      for (String gauge : GAUGES) {
        text.append(",\"%s\":%s".formatted(gauge, random.nextInt(10_000) / 100.0));
      }
      for (int i = 0; i < COUNTERS.length; i++) {
        counters[host][i] += random.nextInt(100_000);
        text.append(",\"%s\":%d".formatted(COUNTERS[i], counters[host][i]));
      }
      return text.append('}').toString().getBytes(StandardCharsets.UTF_8);
    };
  }

  /// Readings of devices in no order, with dates.
  Supplier<byte[]> devices(int devices) {
    long[] millis = {START_MILLIS};
    return () -> {
      millis[0] += random.nextInt(20);
      int device = random.nextInt(devices);
      return bytes(
          String.format(
              Locale.ROOT,
              "{\"device\":\"d-%06d\",\"ts\":\"%s\",\"temperature\":%.2f,\"humidity\":%.1f,\"seq\":%d}",
              device,
              Instant.ofEpochMilli(millis[0]),
              20 + device % 10 + random.nextGaussian() / 10,
              40 + device % 30 + random.nextGaussian(),
              1_000L * device + millis[0] % 1_000));
    };
  }

  /// Requests with an id that never comes back.
  Supplier<byte[]> requests() {
    long[] millis = {START_MILLIS};
    return () -> {
      millis[0] += random.nextInt(20);
      return bytes(
          String.format(
              Locale.ROOT,
              "{\"ts\":\"%s\",\"level\":\"info\",\"trace\":\"%016x%016x\",\"path\":\"/api/v1/item/%d\","
                  + "\"status\":%d,\"ms\":%d,\"bytes\":%d}",
              Instant.ofEpochMilli(millis[0]),
              random.nextLong(),
              random.nextLong(),
              random.nextInt(100_000),
              random.nextInt(20) == 0 ? 404 : 200,
              (int) Math.exp(random.nextGaussian() + 3),
              random.nextInt(100, 20_000)));
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
