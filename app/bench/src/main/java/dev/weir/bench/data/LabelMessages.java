package dev.weir.bench.data;

import dev.weir.base.Bytes;
import dev.weir.message.Message;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/// Messages for judging dictionaries, one after the other from a seed. Three kinds, two that a
/// dictionary helps and one that it does not:
///
/// - *labels*: metric points with every label written out, as a text exposition has them; 10 tags
///   of one of 400 hosts, 40 metric names, and a value that nothing predicts;
/// - *points*: the like in protobuf's wire format, as most exporters push them ([LabelBodies]);
/// - *rows*: binary rows of 20 bytes with random values: entropy that no dictionary has seen.
///
/// Belongs to one thread.
public final class LabelMessages {
  /// What a message looks like.
  public enum Kind {
    LABELS,
    POINTS,
    ROWS
  }

  private static final String[] REGIONS = {
    "eu-west-1", "eu-central-1", "us-east-1", "us-west-2", "ap-south-1", "sa-east-1"
  };
  private static final String[] SERVICES = {
    "checkout", "inventory", "payments", "search", "sessions", "shipping", "telemetry"
  };
  private static final String[] SUBJECTS = {
    "cpu", "memory", "disk", "network", "http_server", "grpc_client", "postgresql", "jvm_gc"
  };
  private static final String[] MEASURES = {
    "usage_ratio", "requests_total", "duration_seconds", "bytes_total", "errors_total"
  };
  private static final int HOSTS = 400;
  private static final int ROW_BYTES = 20;

  private final Kind kind;
  private final SplittableRandom random;
  private final LabelBodies points = new LabelBodies();
  private long timeMillis = 1_760_000_000_000L;

  public LabelMessages(Kind kind, long seed) {
    this.kind = kind;
    this.random = new SplittableRandom(seed);
  }

  /// The next message.
  ///
  /// @param bytes about its size, 100 bytes or more
  public Message next(int bytes) {
    timeMillis += 10_000;
    return switch (kind) {
      case LABELS -> message("metrics/labels", labels(bytes));
      case POINTS -> message("metrics/points", Bytes.wrap(points.make(bytes, random)));
      case ROWS -> message("metrics/rows", rows(bytes));
    };
  }

  private Message message(String topic, Bytes body) {
    return Message.of(topic, body).withTimeMicros(timeMillis * 1_000);
  }

  private Bytes labels(int bytes) {
    StringBuilder text = new StringBuilder(bytes + 512);
    while (text.length() < bytes) {
      int host = random.nextInt(HOSTS);
      text.append(SUBJECTS[random.nextInt(SUBJECTS.length)]).append('_');
      text.append(MEASURES[random.nextInt(MEASURES.length)]);
      text.append("{hostname=\"host-").append(host);
      text.append("\",region=\"").append(REGIONS[host % REGIONS.length]);
      text.append("\",datacenter=\"dc-").append(host % 3);
      text.append("\",rack=\"rack-").append(host % 40);
      text.append("\",os=\"").append(host % 2 == 0 ? "debian-13" : "debian-12");
      text.append("\",arch=\"").append(host % 3 == 0 ? "arm64" : "amd64");
      text.append("\",service=\"").append(SERVICES[host % SERVICES.length]);
      text.append("\",service_version=\"2.").append(host % 20).append(".0");
      text.append("\",service_environment=\"").append(host % 4 == 0 ? "staging" : "production");
      text.append("\",team=\"team-").append(host % 11).append("\"} ");
      text.append(Math.round(random.nextDouble() * 1e6) / 1e3).append(' ');
      text.append(timeMillis + random.nextInt(1_000)).append('\n');
    }
    return Bytes.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private Bytes rows(int bytes) {
    ByteBuffer rows =
        ByteBuffer.allocate(bytes / ROW_BYTES * ROW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (rows.hasRemaining()) {
      rows.putInt(random.nextInt(1_000));
      rows.putLong(timeMillis + random.nextInt(10_000));
      rows.putDouble(random.nextDouble());
    }
    return Bytes.wrap(rows.array());
  }
}
