package dev.weir.edge.source.host;

import dev.weir.edge.source.metrics.MetricLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads `/proc` (proc(5)) and writes one sample a figure. The names are those of Prometheus'
/// node_exporter, and of its client libraries for the process, so that existing dashboards and
/// alerts fit. Owned by one thread.
final class HostReading {
  /// USER_HZ, which is 100 on every architecture that Linux shows to programs.
  private static final double TICKS_PER_SECOND = 100;

  private static final int SECTOR_BYTES = 512;
  private static final int PAGE_BYTES = 4096;

  /// Devices, interfaces and file systems each: a machine with thousands of containers has as many.
  private static final int MAX_OF_A_KIND = 256;

  private static final String[] CPU_MODES = {
    "user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"
  };

  /// Whole devices and their mirrors; partitions and loops repeat them.
  private static final Pattern DISK =
      Pattern.compile(
          "sd[a-z]+|vd[a-z]+|xvd[a-z]+|hd[a-z]+|nvme\\d+n\\d+|mmcblk\\d+|dm-\\d+|md\\d+");

  /// File systems on local disks: asking another one may wait for a network for ever.
  private static final Set<String> FILE_SYSTEMS =
      Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "vfat", "zfs", "overlay");

  private final Path root;
  private final MetricLines lines;

  /// @param root where `proc` is found
  HostReading(Path root, MetricLines lines) {
    this.root = root;
    this.lines = lines;
  }

  void cpu() throws IOException {
    for (String line : read("proc/stat")) {
      String[] words = words(line);
      if (words[0].matches("cpu\\d+")) {
        for (int i = 0; i < CPU_MODES.length && i + 1 < words.length; i++) {
          String labels = "cpu=\"" + words[0].substring(3) + "\",mode=\"" + CPU_MODES[i] + "\"";
          lines.add("node_cpu_seconds_total", labels, number(words, i + 1) / TICKS_PER_SECOND);
        }
      }
      switch (words[0]) {
        case "ctxt" -> lines.add("node_context_switches_total", "", number(words, 1));
        case "btime" -> lines.add("node_boot_time_seconds", "", number(words, 1));
        case "processes" -> lines.add("node_forks_total", "", number(words, 1));
        case "procs_running" -> lines.add("node_procs_running", "", number(words, 1));
        case "procs_blocked" -> lines.add("node_procs_blocked", "", number(words, 1));
        default -> {} // Interrupts by number and the sums of the lines above.
      }
    }
  }

  void memory() throws IOException {
    Set<String> wanted =
        Set.of(
            "MemTotal",
            "MemFree",
            "MemAvailable",
            "Buffers",
            "Cached",
            "SwapTotal",
            "SwapFree",
            "Dirty",
            "Writeback",
            "Slab",
            "SReclaimable",
            "AnonPages",
            "Shmem",
            "Committed_AS");
    for (String line : read("proc/meminfo")) {
      String[] words = words(line);
      String name = words[0].replace(":", "");
      if (wanted.contains(name)) {
        lines.add("node_memory_" + name + "_bytes", "", number(words, 1) * 1024);
      }
    }
  }

  void load() throws IOException {
    String[] words = words(read("proc/loadavg").getFirst());
    lines.add("node_load1", "", number(words, 0));
    lines.add("node_load5", "", number(words, 1));
    lines.add("node_load15", "", number(words, 2));
  }

  void disks() throws IOException {
    int count = 0;
    for (String line : read("proc/diskstats")) {
      String[] words = words(line);
      if (words.length < 14 || !DISK.matcher(words[2]).matches() || ++count > MAX_OF_A_KIND) {
        continue;
      }
      String device = MetricLines.label("device", words[2]);
      lines.add("node_disk_reads_completed_total", device, number(words, 3));
      lines.add("node_disk_read_bytes_total", device, number(words, 5) * SECTOR_BYTES);
      lines.add("node_disk_read_time_seconds_total", device, number(words, 6) / 1000);
      lines.add("node_disk_writes_completed_total", device, number(words, 7));
      lines.add("node_disk_written_bytes_total", device, number(words, 9) * SECTOR_BYTES);
      lines.add("node_disk_write_time_seconds_total", device, number(words, 10) / 1000);
      lines.add("node_disk_io_now", device, number(words, 11));
      lines.add("node_disk_io_time_seconds_total", device, number(words, 12) / 1000);
    }
  }

  void network() throws IOException {
    int count = 0;
    for (String line : read("proc/net/dev")) {
      int colon = line.indexOf(':');
      if (colon < 0 || ++count > MAX_OF_A_KIND) {
        continue;
      }
      String device = MetricLines.label("device", line.substring(0, colon).strip());
      String[] words = words(line.substring(colon + 1));
      lines.add("node_network_receive_bytes_total", device, number(words, 0));
      lines.add("node_network_receive_packets_total", device, number(words, 1));
      lines.add("node_network_receive_errs_total", device, number(words, 2));
      lines.add("node_network_receive_drop_total", device, number(words, 3));
      lines.add("node_network_transmit_bytes_total", device, number(words, 8));
      lines.add("node_network_transmit_packets_total", device, number(words, 9));
      lines.add("node_network_transmit_errs_total", device, number(words, 10));
      lines.add("node_network_transmit_drop_total", device, number(words, 11));
    }
  }

  void fileSystems() throws IOException {
    Set<String> devices = new HashSet<>();
    for (String line : read("proc/self/mounts")) {
      String[] words = words(line);
      boolean isNew = words.length > 2 && FILE_SYSTEMS.contains(words[2]) && devices.add(words[0]);
      if (isNew && devices.size() <= MAX_OF_A_KIND) {
        fileSystem(words[0], unescaped(words[1]), words[2]);
      }
    }
  }

  private void fileSystem(String device, String mountPoint, String type) {
    String labels =
        String.join(
            ",",
            MetricLines.label("device", device),
            MetricLines.label("fstype", type),
            MetricLines.label("mountpoint", mountPoint));
    try {
      FileStore store = Files.getFileStore(Path.of(mountPoint));
      lines.add("node_filesystem_size_bytes", labels, (double) store.getTotalSpace());
      lines.add("node_filesystem_free_bytes", labels, (double) store.getUnallocatedSpace());
      lines.add("node_filesystem_avail_bytes", labels, (double) store.getUsableSpace());
    } catch (IOException e) {
      lines.add("node_filesystem_device_error", labels, 1);
    }
  }

  /// The edge's own process.
  void process() throws IOException {
    String stat = read("proc/self/stat").getFirst();
    // The second field is the program's name in parentheses, which may hold anything.
    String[] words = words(stat.substring(stat.lastIndexOf(')') + 1));
    double ticks = number(words, 11) + number(words, 12);
    lines.add("process_cpu_seconds_total", "", ticks / TICKS_PER_SECOND);
    lines.add("process_virtual_memory_bytes", "", number(words, 20));
    lines.add("process_resident_memory_bytes", "", number(words, 21) * PAGE_BYTES);
    lines.add("process_threads", "", number(words, 17));
    String[] descriptors = root.resolve("proc/self/fd").toFile().list();
    if (descriptors != null) {
      lines.add("process_open_fds", "", descriptors.length);
    }
  }

  private List<String> read(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(root.resolve(name));
    List<String> found = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    if (found.isEmpty()) {
      throw new IOException("/" + name + " is empty");
    }
    return found;
  }

  private static String[] words(String line) {
    return line.strip().split("\\s+", -1);
  }

  private static double number(String[] words, int index) throws IOException {
    try {
      return Double.parseDouble(words[index]);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IOException(
          "no number at word " + index + " of '" + String.join(" ", words) + "'", e);
    }
  }

  /// Spaces of mount points are written in octal.
  private static String unescaped(String text) {
    return text.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
  }
}
