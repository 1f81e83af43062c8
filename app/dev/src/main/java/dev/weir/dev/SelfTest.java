package dev.weir.dev;

import dev.weir.base.Clock;
import dev.weir.client.Delivered;
import dev.weir.client.Publisher;
import dev.weir.client.PublisherOptions;
import dev.weir.client.Start;
import dev.weir.client.SubscribeOptions;
import dev.weir.client.Subscription;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import dev.weir.node.CoreNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// The main job in small, over a real socket and a real disk: a core in a temporary folder,
/// messages published and read back in order.
public final class SelfTest {
  private static final int MESSAGES = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String version;
  private final Clock clock;

  public SelfTest(String version, Clock clock) {
    this.version = version;
    this.clock = clock;
  }

  /// What came of it.
  ///
  /// @param received messages that came back, in order and unchanged
  /// @param millis how long it took
  public record Result(int published, int received, long millis) {
    public boolean isGood() {
      return published == received;
    }
  }

  public Result run() throws IOException {
    long startNanos = clock.nanoTime();
    int received = 0;
    try (TemporaryFolder folder = TemporaryFolder.create("weir-selftest");
        CoreNode core =
            CoreNode.start(
                NodeConfigs.of(
                    Map.of(
                        "server.dataDir", folder.path().toString(),
                        "server.listen", "127.0.0.1:0",
                        "store.segmentBytes", "1MiB",
                        "store.retention.freeDiskFloor", "0B")),
                version,
                clock);
        WeirClient client = WeirClient.connect(URI.create("weir://" + core.address()))) {
      publish(client);
      SubscribeOptions options = SubscribeOptions.of("selftest/#", Start.first()).endingAtTail();
      try (Subscription subscription = client.subscribe(options)) {
        for (Delivered delivered : subscription) {
          received += delivered.text().equals("message " + received) ? 1 : 0;
        }
      }
    }
    return new Result(MESSAGES, received, (clock.nanoTime() - startNanos) / 1_000_000);
  }

  private static void publish(WeirClient client) {
    try (Publisher publisher = client.publisher(PublisherOptions.DEFAULT)) {
      for (int i = 0; i < MESSAGES; i++) {
        publisher.send(Message.of("selftest/" + i % 3, "message " + i));
      }
      publisher.flush(PATIENCE);
    }
  }
}
