package dev.weir.bench.data;

import dev.weir.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Points with their labels written out each time, in protobuf's wire format: the way most
/// exporters send metrics. Of the shape of the TSBS devops set: 400 hosts with ten tags of their
/// own in nine regions, a hundred metrics of nine systems; each point is of any host and any
/// metric.
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

  /// A hundred metrics of nine systems.
  private static final List<String> METRICS =
      Stream.of(
              system(
                  "cpu",
                  "usage_user usage_system usage_idle usage_nice usage_iowait usage_irq"
                      + " usage_softirq usage_steal usage_guest usage_guest_nice"),
              system("diskio", "reads writes read_bytes write_bytes read_time write_time io_time"),
              system("disk", "total free used used_percent inodes_total inodes_free inodes_used"),
              system(
                  "kernel",
                  "boot_time interrupts context_switches processes_forked"
                      + " disk_pages_in disk_pages_out"),
              system(
                  "mem",
                  "total available used free cached buffered used_percent"
                      + " available_percent buffered_percent"),
              system(
                  "net",
                  "bytes_sent bytes_recv packets_sent packets_recv err_in err_out"
                      + " drop_in drop_out"),
              system("nginx", "accepts active handled reading requests waiting writing"),
              system(
                  "postgresql",
                  "numbackends xact_commit xact_rollback blks_read blks_hit"
                      + " tup_returned tup_fetched tup_inserted tup_updated tup_deleted conflicts"
                      + " temp_files temp_bytes deadlocks blk_read_time blk_write_time"),
              system(
                  "redis",
                  "uptime_in_seconds total_connections_received expired_keys"
                      + " evicted_keys keyspace_hits keyspace_misses instantaneous_ops_per_sec"
                      + " instantaneous_input_kbps instantaneous_output_kbps connected_clients"
                      + " used_memory used_memory_rss used_memory_peak used_memory_lua"
                      + " rdb_changes_since_last_save sync_full sync_partial_ok sync_partial_err"
                      + " pubsub_channels pubsub_patterns latest_fork_usec connected_slaves"
                      + " master_repl_offset repl_backlog_active repl_backlog_size"
                      + " repl_backlog_histlen mem_fragmentation_ratio used_cpu_sys used_cpu_user"
                      + " used_cpu_sys_children"))
          .flatMap(List::stream)
          .toList();

  private static final List<String> REGIONS =
      List.of(
          "us-east-1",
          "us-west-1",
          "us-west-2",
          "eu-west-1",
          "eu-central-1",
          "ap-southeast-1",
          "ap-southeast-2",
          "ap-northeast-1",
          "sa-east-1");
  private static final List<String> TEAMS = List.of("harbour", "orchard", "quarry", "mill");
  private static final List<String> STAGES = List.of("production", "staging", "test");
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
      String metric = METRICS.get(random.nextInt(METRICS.size()));
      byte[] point = point(metric, random.nextInt(HOSTS), timeNanos, random);
      tag(body, 0x12, point.length);
      body.writeBytes(point);
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

  private static List<String> system(String name, String measures) {
    return Stream.of(measures.split(" ")).map(measure -> name + "." + measure).toList();
  }

  /// A host's tags are its own for good, and tell nothing of each other.
  private static String tagValue(String key, int host) {
    int spread = (int) (new SplittableRandom(31L * key.hashCode() + host).nextLong() >>> 40);
    String region = REGIONS.get(host * 7 % REGIONS.size());
    return switch (key) {
      case "hostname" -> "host_" + host;
      case "region" -> region;
      case "datacenter" -> region + (char) ('a' + spread % 3);
      case "rack" -> Integer.toString(spread % 100);
      case "os" -> spread % 2 == 0 ? "debian-13" : "debian-12";
      case "arch" -> spread % 3 == 0 ? "arm64" : "amd64";
      case "team" -> TEAMS.get(spread % TEAMS.size());
      case "service" -> Integer.toString(spread % 20);
      case "service_version" -> Integer.toString(spread % 2);
      default -> STAGES.get(spread % STAGES.size());
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
