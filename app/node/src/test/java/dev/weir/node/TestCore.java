package dev.weir.node;

import dev.weir.base.Clock;
import dev.weir.client.ClientConfig;
import dev.weir.client.WeirClient;
import dev.weir.config.ConfigLoader;
import dev.weir.config.LoadResult;
import dev.weir.config.WeirConfig;
import dev.weir.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A whole core in this process, which can be stopped and started again where it was.
final class TestCore implements AutoCloseable {
  private final Path directory;
  private CoreNode node;
  private int port;

  TestCore(Path directory) {
    this.directory = directory;
    this.node = start();
    this.port = node.address().port();
  }

  private CoreNode start() {
    Map<String, String> settings =
        Map.of(
            "server.dataDir",
            directory.toString(),
            "server.listen",
            "127.0.0.1:" + port,
            "store.retention.freeDiskFloor",
            "0B");
    try {
      return CoreNode.start(config(settings), "test", Clock.SYSTEM);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static WeirConfig config(Map<String, String> settings) {
    return switch (ConfigLoader.load(List.of(), Map.of(), settings)) {
      case LoadResult.Loaded loaded -> loaded.config();
      case LoadResult.Refused(var mistakes) -> throw new IllegalStateException("" + mistakes);
    };
  }

  CoreNode node() {
    return node;
  }

  WeirClient client() {
    ClientConfig config = ClientConfig.of(URI.create("weir://127.0.0.1:" + port));
    return WeirClient.connect(config.withConnect(Duration.ofSeconds(20)));
  }

  void stop() {
    node.close();
  }

  void startAgain() {
    node = start();
  }

  long length(String queue) {
    return node.broker().queues().details(queue).figures().length();
  }

  void awaitLength(String queue, long length) {
    Eventually.eventually(length + " messages in " + queue, () -> length(queue) == length);
  }

  /// A queue may be empty because it has not seen yet what was published.
  void awaitAcked(String queue, long count) {
    Eventually.eventually(
        count + " acked in " + queue, () -> node.broker().queues().details(queue).acked() == count);
  }

  @Override
  public void close() {
    node.close();
  }
}
