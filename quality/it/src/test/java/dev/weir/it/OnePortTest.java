package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A core's one port takes what is published over wire and over gRPC, and shows its figures.
final class OnePortTest {
  @TempDir private Path directory;

  @Test
  void takesLinksOverWireAndGrpc() throws IOException {
    try (Site site = new Site(directory)) {
      site.startCore();
      for (String scheme : List.of("wire", "grpc", "weir")) {
        URI target = URI.create(scheme + "://" + site.core().server());
        try (WeirClient client = WeirClient.connect(target)) {
          client.publish(Message.of("one/port", scheme));
        }
      }

      assertThat(site.stored("one/port"))
          .extracting(StoredMessage::body)
          .containsExactly("wire", "grpc", "weir");
      String metrics = Daemon.page("http://" + site.core().server() + "/metrics");
      assertThat(connections(metrics, "wire")).as("wire and weir").isEqualTo(2);
      assertThat(connections(metrics, "grpc")).isPositive();
    }
  }

  private static double connections(String metrics, String protocol) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("weir_connections_opened_total"))
        .filter(line -> line.contains("protocol=\"" + protocol + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }
}
