package dev.weir.message;

import dev.weir.base.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;

/// Bodies of every shape that becomes columns: regular, irregular, and barely of that shape.
final class RandomMetrics {
  static final String ROWS = "application/vnd.weir.rows";
  static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  static final String JSON = "application/json";
  private static final long START_MILLIS = 1_767_225_600_000L;
  private static final double[] ODD = {
    Double.NaN,
    Double.longBitsToDouble(0x7ff8_0000_dead_beefL),
    -0.0,
    0.0,
    1e308,
    -1e308,
    Double.MIN_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    0x1p53,
    0x1p51 - 1,
    123456.789,
    -1e-7
  };
  private static final String[] ODD_TEXTS = {
    "NaN",
    "+Inf",
    "-Inf",
    "-0",
    "-0.0",
    "0",
    "0.0",
    "00",
    "01",
    "1.",
    ".5",
    "+5",
    "1e5",
    "1e05",
    "1e+05",
    "1e+06",
    "1e-05",
    "0.0001",
    "1.50e+07",
    "1.5e+07",
    "1.0E7",
    "1.5E7",
    "1.50E7",
    "1E7",
    "1.0E-4",
    "1.0E10",
    "0x1p3",
    "1_000",
    "999999999999999999",
    "9999999999999999999",
    "0.123456789012345678",
    "1e+300",
    "1e+1000",
    "-5e-324",
    "1.7976931348623157e+308",
    "-",
    "5e",
    "1.e+06",
    "e",
    "--1",
    "1.2.3",
    "100.0",
    "1000000",
    "1234567.5",
    "9999999.0",
    "1.0E+7"
  };
  private static final String[] ODD_LINES = {
    "",
    "#",
    "# HELP a b",
    "# TYPE a counter",
    " ",
    "  ",
    "a",
    "a ",
    " a",
    "a  1",
    "a 1",
    "a 1 ",
    "a b",
    "a 1 2 3",
    "a{b=\"c d\"} 4",
    "a{b=\"c 1 2\"} 4 5",
    "a{b=\"\\\"ü\"} 1 -5",
    "a 1 -0",
    "a 1 007",
    "a 1 999999999999999999",
    "a 1 9999999999999999999",
    "a 1 5\r",
    "\r",
    "a 1\r5",
    "\0"
  };

  private final RandomGenerator random;

  RandomMetrics(RandomGenerator random) {
    this.random = random;
  }

  /// One of the content types.
  String contentType() {
    return switch (random.nextInt(3)) {
      case 0 -> ROWS;
      case 1 -> TEXT;
      default -> JSON;
    };
  }

  /// A message of a shape; every tenth one is damaged, cut short or empty.
  Message next(String contentType) {
    byte[] body =
        switch (contentType) {
          case ROWS -> rows();
          case TEXT -> text();
          default -> RandomJson.body(random);
        };
    return Message.of(random.nextBoolean() ? "metrics/a" : "metrics/b", Bytes.wrap(body))
        .withContentType(contentType)
        .withTimeMicros(1000 * START_MILLIS + random.nextInt(1_000_000));
  }

  byte[] rows() {
    int rounds = random.nextInt(6);
    int series = 1 + random.nextInt(20);
    boolean isShuffled = random.nextInt(3) == 0;
    ByteBuffer out = ByteBuffer.allocate(20 * rounds * series).order(ByteOrder.LITTLE_ENDIAN);
    for (int round = 0; round < rounds; round++) {
      for (int s = 0; s < series; s++) {
        int id = isShuffled ? random.nextInt(series) : s;
        out.putInt(id * 7).putLong(time(round)).putDouble(value(id));
      }
    }
    return out.array();
  }

  private long time(int round) {
    return switch (random.nextInt(20)) {
      case 0 -> random.nextLong();
      case 1 -> START_MILLIS - random.nextInt(100_000);
      default -> START_MILLIS + 10_000L * round;
    };
  }

  private double value(int series) {
    if (random.nextInt(50) == 0) {
      return ODD[random.nextInt(ODD.length)];
    }
    return switch (series % 5) {
      case 0 -> 42;
      case 1 -> random.nextInt(10_000) / 100.0;
      case 2 -> random.nextLong(1L << 52);
      case 3 -> random.nextGaussian();
      default -> -random.nextInt(1000) / 8.0;
    };
  }

  byte[] text() {
    StringBuilder out = new StringBuilder();
    int rounds = random.nextInt(5);
    String end = random.nextInt(5) == 0 ? "\r\n" : "\n";
    for (int round = 0; round < rounds; round++) {
      for (int s = 0; s < 12; s++) {
        if (s % 5 == 0) {
          out.append("# HELP metric_").append(s).append(" Some text.").append(end);
        }
        line(out, s, time(round)).append(random.nextInt(30) == 0 ? "\n" : end);
      }
    }
    if (random.nextInt(4) == 0) {
      out.append("last 1 2");
    }
    return out.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private StringBuilder line(StringBuilder out, int series, long time) {
    if (random.nextInt(30) == 0) {
      return out.append(ODD_LINES[random.nextInt(ODD_LINES.length)]);
    }
    out.append("metric_").append(series);
    if (series % 3 > 0) {
      out.append("{host=\"h ").append(series % 2).append("\"}");
    }
    out.append(' ').append(number(series));
    return series == 7 ? out : out.append(' ').append(time);
  }

  private String number(int series) {
    if (random.nextInt(30) == 0) {
      return ODD_TEXTS[random.nextInt(ODD_TEXTS.length)];
    }
    return switch (series % 6) {
      case 0 -> Integer.toString(random.nextInt(1000));
      case 1 -> String.format("%.2f", random.nextGaussian());
      case 2 -> Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(-9, 12)));
      case 3 -> go(random.nextInt(1, 1_000_000), random.nextInt(-9, 12));
      case 4 -> Double.toString(random.nextInt(1000) / 8.0).replaceAll("\\.0$", "");
      default -> ODD_TEXTS[series % ODD_TEXTS.length];
    };
  }

  /// As Go writes a number of up to six digits.
  private static String go(int digits, int exponent) {
    String text = Integer.toString(digits).replaceAll("0+$", "");
    if (exponent >= -4 && exponent < 6) {
      return new java.math.BigDecimal(text)
          .movePointLeft(text.length() - 1 - exponent)
          .toPlainString();
    }
    String fraction = text.length() > 1 ? "." + text.substring(1) : "";
    return text.charAt(0)
        + fraction
        + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
