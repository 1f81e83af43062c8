package dev.weir.message;

import dev.weir.base.Bytes;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Ratio and CPU time of plain zstd against columns, by kind of data; a main, not a test. Data is
/// made from a seed; MB/s are raw bytes for one second of one core, the median of the rounds, ways
/// taken in turn.
///
/// Arguments: seconds for each kind (default 6), KiB of a batch (default 256).
final class ColumnarMeasure {
  private static final int BODY_BYTES = 17 << 10;
  private static final int BATCHES = 16;
  private static final long START_MILLIS = 1_767_225_600_000L;
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private final RandomGenerator random = new SplittableRandom(7);
  private final int batchBytes;

  private ColumnarMeasure(int batchBytes) {
    this.batchBytes = batchBytes;
  }

  private record Way(String name, int level, boolean isColumnar) {}

  private static final List<Way> WAYS =
      List.of(
          new Way("zstd-1", 1, false), new Way("zstd-3", 3, false), new Way("columnar", 1, true));

  private interface Bodies {
    byte[] next();
  }

  public static void main(String[] arguments) {
    int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 6;
    ColumnarMeasure measure =
        new ColumnarMeasure((arguments.length > 1 ? Integer.parseInt(arguments[1]) : 256) << 10);
    System.out.printf(
        "%-22s %-10s %7s %12s %12s %12s%n",
        "data", "way", "ratio", "encode MB/s", "decode MB/s", "judge MB/s");
    measure.run("rows, random doubles", RandomMetrics.ROWS, measure.rows(0, 0, 0), seconds);
    measure.run("rows, random walks", RandomMetrics.ROWS, measure.rows(-1, 0, 0), seconds);
    measure.run("rows, seed mix", RandomMetrics.ROWS, measure.rows(25, 25, 42), seconds);
    measure.run("text, one scrape", RandomMetrics.TEXT, measure.text(1), seconds);
    measure.run("text, many scrapes", RandomMetrics.TEXT, measure.text(100), seconds);
    JsonMeasureRows json = new JsonMeasureRows(measure.random);
    measure.run("JSON, series", RandomMetrics.JSON, json.narrow(4_000)::get, seconds);
    measure.run("JSON, 50 hosts", RandomMetrics.JSON, json.wide(50)::get, seconds);
    measure.run("JSON, 1000 hosts", RandomMetrics.JSON, json.wide(1_000)::get, seconds);
    measure.run("JSON, 500 devices", RandomMetrics.JSON, json.devices(500)::get, seconds);
    measure.run("JSON, requests", RandomMetrics.JSON, json.requests()::get, seconds);
  }

  private void run(String name, String contentType, Bodies bodies, int seconds) {
    List<List<Message>> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      List<Message> messages = new ArrayList<>();
      int bytes = 0;
      for (byte[] body = bodies.next(); bytes + body.length < batchBytes; body = bodies.next()) {
        bytes += body.length;
        messages.add(
            Message.of("metrics/host", Bytes.wrap(body))
                .withContentType(contentType)
                .withTimeMicros(1000 * START_MILLIS + 1_000_000L * messages.size()));
      }
      batches.add(messages);
    }
    double[][][] rates = new double[WAYS.size()][3][1000];
    double[] ratios = new double[WAYS.size()];
    int rounds = 0;
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < end && rounds < 1000) {
      for (int way = 0; way < WAYS.size(); way++) {
        ratios[way] = round(WAYS.get(way), batches, rates[way], rounds);
      }
      rounds++;
    }
    for (int way = 0; way < WAYS.size(); way++) {
      System.out.printf(
          Locale.ROOT,
          "%-22s %-10s %7.2f %12.0f %12.0f %12.0f%n",
          name,
          WAYS.get(way).name(),
          ratios[way],
          median(rates[way][0], rounds),
          median(rates[way][1], rounds),
          median(rates[way][2], rounds));
    }
  }

  private static double median(double[] values, int count) {
    double[] sorted = java.util.Arrays.copyOf(values, count);
    java.util.Arrays.sort(sorted);
    return sorted[count / 2];
  }

  private double round(Way way, List<List<Message>> batches, double[][] rates, int round) {
    BatchBuilder builder = new BatchBuilder(2 * batchBytes, way.isColumnar());
    byte[] scratch = new byte[2 * batchBytes];
    long raw = 0;
    long packed = 0;
    long[] nanos = new long[3];
    // The first batch is the trial; it is not timed.
    for (int i = 0; i <= batches.size(); i++) {
      List<Message> messages = batches.get(i % batches.size());
      long start = CPU.getCurrentThreadCpuTime();
      messages.forEach(builder::add);
      Batch batch = builder.build(way.level(), Bytes.EMPTY);
      long encoded = CPU.getCurrentThreadCpuTime();
      Compression.restoreInto(scratch, batch);
      long decoded = CPU.getCurrentThreadCpuTime();
      BatchScan.of(batch, BatchHeader.decode(batch.header()), scratch);
      long judged = CPU.getCurrentThreadCpuTime();
      if (i > 0) {
        raw += batch.rawLength();
        packed += batch.payload().length();
        nanos[0] += encoded - start;
        nanos[1] += decoded - encoded;
        nanos[2] += judged - decoded;
      }
    }
    for (int i = 0; i < nanos.length; i++) {
      rates[i][round] = 1000.0 * raw / nanos[i];
    }
    return (double) raw / packed;
  }

  /// 4,000 series of fixed classes, read round by round with some milliseconds of jitter.
  ///
  /// @param gauges percent with two decimals, -1 for walks of random steps; with the two others,
  ///   what is left is random doubles
  private Bodies rows(int gauges, int counters, int constants) {
    int seriesCount = 4000;
    double[] values = firstValues(seriesCount, gauges, counters, constants);
    long[] round = {0};
    return () -> {
      ByteBuffer body = ByteBuffer.allocate(BODY_BYTES / 20 * 20).order(ByteOrder.LITTLE_ENDIAN);
      int series = random.nextInt(seriesCount);
      while (body.hasRemaining()) {
        int place = gauges < 0 ? -1 : Math.floorMod(series * 0x9E3779B1, 100);
        values[series] = value(place, values[series], gauges, counters, constants);
        long millis = START_MILLIS + 10_000 * round[0] + random.nextInt(40);
        body.putInt(series).putLong(millis).putDouble(values[series]);
        if (++series == seriesCount) {
          series = 0;
          round[0]++;
        }
      }
      round[0]++;
      return body.array();
    };
  }

  /// Series have a past: counters have counted, and constants are of any size.
  private double[] firstValues(int seriesCount, int gauges, int counters, int constants) {
    double[] values = new double[seriesCount];
    for (int series = 0; series < seriesCount; series++) {
      int place = Math.floorMod(series * 0x9E3779B1, 100);
      if (place < gauges) {
        values[series] = random.nextInt(100_000) / 100.0;
      } else if (place < gauges + counters) {
        values[series] = random.nextLong(100_000_000_000L);
      } else if (place < gauges + counters + constants) {
        values[series] = random.nextDouble();
      }
    }
    return values;
  }

  private double value(int place, double before, int gauges, int counters, int constants) {
    if (place < 0) {
      return before == 0 ? 1000 * random.nextDouble() : before + random.nextGaussian();
    }
    if (place < gauges) {
      return Math.rint((before + random.nextGaussian() * 4) * 100) / 100;
    }
    if (place < gauges + counters) {
      return before + random.nextInt(5000);
    }
    if (place < gauges + counters + constants) {
      return random.nextInt(200) == 0 ? random.nextDouble() : before;
    }
    return random.nextDouble();
  }

  /// What a Go exporter shows of a service: comments, labels, counters with exponents, histograms.
  ///
  /// @param hosts how many of them a batch's bodies come from in turn
  private Bodies text(int hosts) {
    int families = 60;
    double[][] counts = new double[hosts][families * 12];
    int[] scrape = {0};
    return () -> {
      int host = scrape[0] % hosts;
      long millis = START_MILLIS + 15_000L * (scrape[0]++ / hosts) + 137L * host;
      StringBuilder out = new StringBuilder();
      for (int family = 0; family < families; family++) {
        String metric = "service_" + Integer.toString(family * 7919, 36) + "_requests_total";
        out.append("# HELP ").append(metric).append(" How many there were, by code and route.\n");
        out.append("# TYPE ").append(metric).append(" counter\n");
        for (int line = 0; line < 12; line++) {
          double count = counts[host][12 * family + line] += step(family);
          out.append(metric).append("{instance=\"10.1.2.").append(host).append(":9100\",code=\"");
          out.append(200 + line % 4).append("\",route=\"/api/v1/route").append(line / 4);
          out.append("\"} ").append(go(count)).append(' ').append(millis).append('\n');
        }
      }
      return out.toString().getBytes(StandardCharsets.UTF_8);
    };
  }

  private double step(int family) {
    return switch (family % 4) {
      case 0 -> random.nextInt(20_000);
      case 1 -> random.nextInt(50) == 0 ? 1 : 0;
      case 2 -> random.nextInt(2000) / 1000.0;
      default -> random.nextDouble();
    };
  }

  /// As `strconv.FormatFloat(x, 'g', -1, 64)`.
  private static String go(double value) {
    String digits =
        new java.math.BigDecimal(Double.toString(value))
            .stripTrailingZeros()
            .unscaledValue()
            .toString();
    int exponent = value == 0 ? 0 : (int) Math.floor(Math.log10(value));
    if (exponent < 6 && exponent >= -4) {
      return new java.math.BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return digits.charAt(0)
        + fraction
        + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
