package dev.weir.bench.data;

import dev.weir.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/// Points with their labels written out each time, in protobuf's wire format: the way most
/// exporters send metrics. Hosts carry ten tags and nine systems of metrics, as in the TSBS devops
/// set.
///
/// ```
///   field 1, fixed64: the message's number (tag 0x09, bytes 1 to 9)
///   field 2, repeated: point { 1: name  2: repeated label { 1: key  2: value }  3: fixed64 time
///                              4: double value }
/// ```
final class LabelBodies implements BodyMaker {
  private static final int NUMBER_OFFSET = 1;
  private static final long FIRST_NANOS = 1_760_000_000_000_000_000L;
  private static final int HOSTS = 400;
  private static final List<String> SYSTEMS =
      List.of("cpu", "disk", "diskio", "kernel", "mem", "net", "nginx", "postgresql", "redis");
  private static final List<String> MEASURES =
      List.of(
          "usage_user",
          "usage_system",
          "usage_idle",
          "read_bytes",
          "write_bytes",
          "io_time_ms",
          "interrupts",
          "processes_forked",
          "available_percent",
          "cached",
          "packets_sent",
          "packets_recv",
          "errors_in",
          "accepts",
          "requests",
          "blocks_hit",
          "tup_fetched");
  private static final List<String> TAGS =
      List.of(
          "hostname",
          "region",
          "datacenter",
          "rack",
          "os",
          "arch",
          "team",
          "service",
          "service_version",
          "service_environment");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private long round;

  @Override
  public byte[] make(int sizeBytes, RandomGenerator random) {
    ByteArrayOutputStream body = new ByteArrayOutputStream(sizeBytes + 512);
    body.write(0x09);
    body.writeBytes(new byte[8]);
    long timeNanos = FIRST_NANOS + round++ * 10_000_000_000L;
    while (body.size() < sizeBytes) {
      String system = SYSTEMS.get(random.nextInt(SYSTEMS.size()));
      int measures = random.nextInt(3, MEASURES.size());
      for (int i = 0; i < measures && body.size() < sizeBytes; i++) {
        int host = random.nextInt(HOSTS);
        byte[] point = point(system + "." + MEASURES.get(i), host, timeNanos, random);
        tag(body, 0x12, point.length);
        body.writeBytes(point);
      }
    }
    return body.toByteArray();
  }

  private byte[] point(String name, int host, long timeNanos, RandomGenerator random) {
    out.reset();
    text(out, 0x0a, name);
    for (String key : TAGS) {
      String value = tagValue(key, host);
      tag(out, 0x12, 4 + key.length() + value.length());
      text(out, 0x0a, key);
      text(out, 0x12, value);
    }
    double value = random.nextGaussian() * 10 + 50;
    ByteBuffer numbers = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
    numbers.put((byte) 0x19).putLong(timeNanos + random.nextInt(1_000_000));
    numbers.put((byte) 0x21).putDouble(value);
    out.writeBytes(numbers.array());
    return out.toByteArray();
  }

  private static String tagValue(String key, int host) {
    int spread = Math.floorMod((host + 1) * (key.hashCode() | 1), 97);
    return switch (key) {
      case "hostname" -> "host_" + host;
      case "region" -> "region-" + spread % 9;
      case "datacenter" -> "region-" + spread % 9 + "-dc" + host % 3;
      case "os" -> spread % 2 == 0 ? "debian-13" : "debian-12";
      case "arch" -> spread % 3 == 0 ? "arm64" : "amd64";
      case "service_environment" -> spread % 4 == 0 ? "staging" : "production";
      default -> key + "-" + spread % 20;
    };
  }

  /// A tag of one byte and a length; labels are shorter than 128 bytes, points may be longer.
  private static void tag(ByteArrayOutputStream to, int tag, int length) {
    to.write(tag);
    int rest = length;
    while (rest > 127) {
      to.write((rest & 127) | 128);
      rest >>>= 7;
    }
    to.write(rest);
  }

  private static void text(ByteArrayOutputStream to, int tag, String text) {
    tag(to, tag, text.length());
    to.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void number(byte[] body, long number) {
    ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).putLong(NUMBER_OFFSET, number);
  }

  @Override
  public long number(Bytes body) {
    return body.length() < NUMBER_OFFSET + 8
        ? -1
        : body.buffer().order(ByteOrder.LITTLE_ENDIAN).getLong(NUMBER_OFFSET);
  }
}
