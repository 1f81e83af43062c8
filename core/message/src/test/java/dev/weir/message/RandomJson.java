package dev.weir.message;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// Bodies of JSON rows: alike, nearly alike, and barely JSON.
final class RandomJson {
  private static final long START_MILLIS = 1_767_225_600_000L;
  static final String[] ODD_ROWS = {
    "",
    "{}",
    "[]",
    "[{}]",
    "null",
    "1",
    "-",
    "\"a\"",
    "\"",
    "\"\\",
    "{\"a\":",
    "{\"a\":1",
    "}",
    "]}{[",
    "{\"a\":\"unterminated",
    "{\"a\":\"\\\"\\\\\",\"b\":\"\\u00e9\"}",
    "{\"a\":\"\",\"b\":\"\"}",
    "{\"a\":\"tab\there\"}",
    "{\"a\":\"\u0001\u0002\u0003\"}",
    "\u0000\u0005",
    "{\"a\":1,\t\"b\":2}",
    "{\"a\":{\"b\":[1,2,{\"c\":3}]},\"d\":[\"x\",\"y\"]}",
    "{\"a\":01,\"b\":1.,\"c\":.5,\"d\":1e5,\"e\":-0,\"f\":-0.0,\"g\":1E+400}",
    "{\"a\":12abc,\"b\":1-2,\"c\":--3}",
    "{\"a\":9999999999999999999,\"b\":123456789012345678}",
    "{\"t\":\"2026-02-30T00:00:00Z\",\"u\":\"2026-02-28T23:59:60Z\",\"v\":\"1969-12-31T23:59:59Z\"}",
    "{\"t\":\"2024-02-29T12:00:00.123456789+01:00\",\"u\":\"2026-01-01 00:00:00\"}",
    "{\"t\":\"2026-01-01T00:00:00.\",\"u\":\"2026-01-01T00:00:00.1234567890Z\"}",
    "{\"t\":\"2262-01-01T00:00:00Z\",\"u\":\"2261-12-31T23:59:59.999999999Z\"}",
    "{\"a\": 1 , \"b\" : \"x\" , \"c\" : [ 1 , 2 ] }",
    "{\"a\":\"ü\u20ac\"}",
    "{\"a\":1}{\"a\":2}{\"a\":3}",
    "{\"a\":1}, {\"a\":2}",
    "{\"a\":1}\r{\"a\":2}"
  };

  private RandomJson() {}

  static byte[] body(RandomGenerator random) {
    String body =
        switch (random.nextInt(5)) {
          case 0 -> array(random);
          case 1 -> row(random, random.nextInt(100));
          default -> lines(random);
        };
    return body.getBytes(StandardCharsets.UTF_8);
  }

  private static String lines(RandomGenerator random) {
    StringBuilder out = new StringBuilder();
    String end = random.nextInt(5) == 0 ? "\r\n" : "\n";
    int rows = random.nextInt(60);
    for (int i = 0; i < rows; i++) {
      out.append(random.nextInt(40) == 0 ? odd(random) : row(random, i));
      out.append(random.nextInt(30) == 0 ? "\n" : end);
    }
    return random.nextInt(4) == 0 ? out + "{\"last\":1" : out.toString();
  }

  private static String array(RandomGenerator random) {
    StringBuilder out = new StringBuilder("[");
    String separator = random.nextBoolean() ? "," : ", ";
    int rows = random.nextInt(60);
    for (int i = 0; i < rows; i++) {
      out.append(i == 0 ? "" : separator).append(row(random, i));
    }
    return out.append(random.nextInt(10) == 0 ? "" : "]\n").toString();
  }

  private static String odd(RandomGenerator random) {
    return ODD_ROWS[random.nextInt(ODD_ROWS.length)];
  }

  private static String row(RandomGenerator random, int row) {
    int host = row % 7;
    long millis = START_MILLIS + 1_000L * row;
    return switch (random.nextInt(12)) {
      case 0 ->
          "{\"ts\":\"%s\",\"id\":\"%016x\",\"ok\":%b,\"msg\":\"took %d ms\"}"
              .formatted(Instant.ofEpochMilli(millis), random.nextLong(), row % 3 == 0, row);
      case 1 ->
          "{\"device\":\"d-%d\",\"at\":\"%s\",\"v\":[%d,%d]}"
              .formatted(host, Instant.ofEpochSecond(millis / 1000), row, random.nextInt(100));
      default ->
          "{\"time\":%d,\"host\":\"host-%d\",\"cpu\":%.2f,\"load\":%s,\"bytes\":%d,\"none\":null}"
              .formatted(
                  millis + random.nextInt(5),
                  host,
                  random.nextInt(10_000) / 100.0,
                  Double.toString(random.nextInt(80) / 8.0),
                  1_000_000L * host + 37L * row);
    };
  }
}
