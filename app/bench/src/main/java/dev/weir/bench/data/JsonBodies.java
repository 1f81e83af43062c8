package dev.weir.bench.data;

import dev.weir.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// Lines of JSON: 500 hosts in turn, each with four gauges of two decimals and five counters, every
/// ten seconds with some milliseconds of jitter. The first line holds the message's number in 16
/// hex digits.
final class JsonBodies implements BodyMaker {
  private static final String FIRST = "{\"part\":\"";
  private static final int NUMBER_DIGITS = 16;
  private static final int HOSTS = 500;
  private static final long START_MILLIS = 1_760_000_000_000L;
  private static final int ROUND_MILLIS = 10_000;
  private static final int JITTER_MILLIS = 40;
  private static final String[] GAUGES = {"cpu_user", "cpu_system", "cpu_iowait", "mem_percent"};
  private static final String[] COUNTERS = {"read", "written", "received", "sent", "packets"};

  private final long[][] counters = new long[HOSTS][COUNTERS.length];
  private final double[][] gauges = new double[HOSTS][GAUGES.length];
  private long row;

  @Override
  public byte[] make(int sizeBytes, RandomGenerator random) {
    StringBuilder body = new StringBuilder(sizeBytes + 512);
    body.append(FIRST).append("0".repeat(NUMBER_DIGITS)).append("\"}\n");
    while (body.length() < sizeBytes) {
      line(body, random);
    }
    return body.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private void line(StringBuilder body, RandomGenerator random) {
    int host = (int) (row % HOSTS);
    long millis = START_MILLIS + ROUND_MILLIS * (row / HOSTS) + random.nextInt(JITTER_MILLIS);
    row++;
    body.append("{\"time\":").append(millis).append(",\"host\":\"host-").append(host);
    body.append("\",\"region\":\"eu-").append(host % 9).append('"');
    for (int i = 0; i < GAUGES.length; i++) {
      gauges[host][i] = Math.clamp(gauges[host][i] + 4 * random.nextGaussian(), 0, 100);
      body.append(String.format(Locale.ROOT, ",\"%s\":%.2f", GAUGES[i], gauges[host][i]));
    }
    for (int i = 0; i < COUNTERS.length; i++) {
      counters[host][i] += random.nextInt(100_000);
      body.append(",\"").append(COUNTERS[i]).append("\":").append(counters[host][i]);
    }
    body.append("}\n");
  }

  @Override
  public void number(byte[] body, long number) {
    byte[] digits = HexFormat.of().toHexDigits(number).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, body, FIRST.length(), NUMBER_DIGITS);
  }

  @Override
  public long number(Bytes body) {
    if (body.length() < FIRST.length() + NUMBER_DIGITS) {
      return -1;
    }
    String digits = body.slice(FIRST.length(), NUMBER_DIGITS).utf8();
    return digits.chars().allMatch(HexFormat::isHexDigit)
        ? HexFormat.fromHexDigitsToLong(digits)
        : -1;
  }
}
