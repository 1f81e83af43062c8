package dev.weir.cli;

import dev.weir.client.ConsumeOptions;
import dev.weir.client.QueueConsumer;
import dev.weir.client.WeirClient;
import dev.weir.config.ConfigLoader;
import dev.weir.config.LoadResult;
import dev.weir.config.WeirConfig;
import dev.weir.node.CoreNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Cores in the tests' own process, and what no command does to them.
final class TestCores {
  private TestCores() {}

  static WeirConfig config(Path directory) {
    return config(directory, Map.of());
  }

  /// @param more settings
  static WeirConfig config(Path directory, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("server.dataDir", directory.toString());
    settings.put("server.listen", "127.0.0.1:0");
    settings.put("store.retention.freeDiskFloor", "0B");
    return switch (ConfigLoader.load(List.of(), Map.of(), settings)) {
      case LoadResult.Loaded loaded -> loaded.config();
      case LoadResult.Refused(var mistakes) -> throw new IllegalStateException("" + mistakes);
    };
  }

  /// Lets a consumer say of the next message that it can never be dealt with.
  static void rejectOne(CoreNode core, String queue) {
    CompletableFuture<Void> rejected = new CompletableFuture<>();
    ConsumeOptions options = ConsumeOptions.of(queue).withPrefetch(1).settledByHand();
    try (WeirClient client = WeirClient.connect(URI.create("weir://" + core.address()));
        QueueConsumer _ =
            client
                .queues()
                .consume(
                    options,
                    held -> {
                      held.reject().join();
                      rejected.complete(null);
                    })) {
      rejected.join();
    }
  }
}
