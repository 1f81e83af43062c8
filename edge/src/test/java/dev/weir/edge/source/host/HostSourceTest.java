package dev.weir.edge.source.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceRig;
import dev.weir.message.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostSourceTest {
  private final SourceRig rig = new SourceRig();
  @TempDir Path root;

  @Test
  void readsThisMachine() {
    HostSource source =
        new HostSource(HostConfig.of("host", "metrics/host"), rig.pulled, rig.clock);

    List<Message> messages = source.read();

    String millis = " " + rig.clock.epochMicros() / 1000;
    List<String> lines = messages.stream().flatMap(m -> m.body().utf8().lines()).toList();
    assertThat(source.stats().faults())
        .as(source.stats().detail())
        .containsEntry(SourceFault.UNREADABLE, 0L);
    assertThat(lines).allMatch(line -> line.matches("[a-zA-Z_0-9]+(\\{.*})? [-+.eE0-9]+" + millis));
    assertThat(lines)
        .anyMatch(line -> line.startsWith("node_cpu_seconds_total{cpu=\"0\",mode=\"idle\"} "))
        .anyMatch(line -> line.startsWith("node_memory_MemTotal_bytes "))
        .anyMatch(line -> line.startsWith("node_load1 "))
        .anyMatch(line -> line.startsWith("node_network_receive_bytes_total{device=\"lo\"} "))
        .anyMatch(line -> line.startsWith("process_resident_memory_bytes "));
    assertThat(messages.getFirst().headers()).containsKey("host");
  }

  @Test
  void takesWhatCanBeReadAndCountsTheRest() throws IOException {
    Files.createDirectories(root.resolve("proc"));
    Files.writeString(root.resolve("proc/loadavg"), "0.5 0.25 1.00 1/200 4711\n");
    Files.writeString(root.resolve("proc/meminfo"), "MemTotal: many kB\n");
    Files.writeString(
        root.resolve("proc/diskstats"),
        "8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n8 1 sda1 1 2 3 4 5 6 7 8 9 10 11\nshort\n");
    HostSource source =
        new HostSource(
            new HostConfig("host", "t", Duration.ofSeconds(1), root), rig.pulled, rig.clock);

    String body = source.read().getFirst().body().utf8();

    assertThat(body)
        .contains("node_load5 0.25 ")
        .contains("node_disk_read_bytes_total{device=\"sda\"} 1536 ");
    assertThat(body).doesNotContain("sda1");
    assertThat(source.stats().faults()).containsEntry(SourceFault.UNREADABLE, 5L);
  }
}
