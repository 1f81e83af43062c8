package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.node.CoreNode;
import dev.weir.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `weir client` against a real core in this process.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClientCommandTest {
  private CoreNode core;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    core = CoreNode.start(TestCores.config(directory), "test", Clock.SYSTEM);
  }

  @AfterAll
  void stop() {
    core.close();
  }

  private Served.Ended run(int exit, String... words) {
    Served.Ended ended = Served.run("weir://" + core.address(), null, List.of(words), List.of());
    assertThat(ended.exit()).as(ended.err()).isEqualTo(exit);
    return ended;
  }

  @Test
  void listsAndEndsConnections() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), core.address().port())) {
      socket.getOutputStream().write("GET /livez HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8));
      String address = "127.0.0.1:" + socket.getLocalPort();
      Eventually.eventually(
          "it is listed", () -> run(0, "client", "ls").out().contains("http1     no   -"));
      assertThat(run(0, "client", "ls").out()).contains("grpc", address); // The command itself.
      String line =
          run(0, "client", "ls", "--json")
              .out()
              .lines()
              .filter(text -> text.contains(address))
              .findFirst()
              .orElseThrow();
      String id = line.replaceFirst(".*\"id\":(\\d+),.*", "$1");

      assertThat(run(0, "client", "info", id).out()).contains("PROTOCOL", address, "opened");
      run(0, "client", "kick", id);

      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      run(3, "client", "kick", id);
      assertThat(run(0, "client", "info", id).out()).contains("kicked").doesNotContain("PROTOCOL");
      assertThat(run(0, "client", "events", "--json").out())
          .contains("\"event\":\"kicked\",\"id\":" + id);
    }
  }

  @Test
  void knowsNoOtherConnection() {
    run(3, "client", "info", "9999");
    run(2, "client", "kick", "nine");
  }
}
