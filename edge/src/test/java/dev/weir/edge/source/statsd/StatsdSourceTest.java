package dev.weir.edge.source.statsd;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceRig;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StatsdSourceTest {
  private final SourceRig rig = new SourceRig();
  private Source source;

  @BeforeEach
  void start() {
    source =
        rig.start(
            new StatsdConfig(
                "statsd", "metrics", SourceRig.anyPort(), true, true, Duration.ofHours(1), 10, 2));
  }

  @AfterEach
  void stop() {
    source.close();
  }

  @Test
  void aggregatesWhatDatagramsAndStreamsBringAndFlushesWhenItIsStopped() throws Exception {
    send("hits:1|c\nhits:1|c\nbad line\n");
    send("\n");
    try (Socket socket = connect()) {
      write(socket, "hits:3|c\nx" + "x".repeat(10_000) + ":1|c\nhits:1|c");
    }
    eventually(
        "all is read",
        () -> faults(SourceFault.OVERSIZE) == 1 && faults(SourceFault.MALFORMED) == 1);
    source.close();

    List<String> bodies = SourceRig.bodies(SourceRig.take(rig.pulled, 1));
    assertThat(bodies).containsExactly("hits 6 " + rig.clock.epochMicros() / 1000 + "\n");
  }

  @Test
  void countsWhatAFloodOfSeriesIsRefused() throws Exception {
    for (int i = 0; i < 50; i++) {
      send("flood" + i + ":1|c");
    }
    send("bytes:\u00ff\ufffd:1|c");

    eventually(
        "counted",
        () -> faults(SourceFault.SERIES_LIMIT) == 40 && faults(SourceFault.MALFORMED) == 1);
    assertThat(source.stats().detail()).contains("WEIR-7002");
  }

  private long faults(SourceFault fault) {
    return source.stats().faults().getOrDefault(fault, -1L);
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), source.port().orElseThrow());
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private void send(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(
          new DatagramPacket(
              bytes, bytes.length, InetAddress.getLoopbackAddress(), source.port().orElseThrow()));
    }
  }
}
