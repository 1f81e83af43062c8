package dev.weir.node;

import dev.weir.base.Clock;
import dev.weir.config.ConfigLoader;
import dev.weir.config.HostPort;
import dev.weir.config.LoadResult;
import dev.weir.config.LoadScope;
import dev.weir.node.auth.AuthFile;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A core with `auth.file`, in which [Guests] stand, and a channel of gRPC to it.
final class AuthCore implements AutoCloseable {
  private final AuthFile file;
  private final CoreNode node;
  private final ManagedChannel channel;

  AuthCore(Path directory) throws IOException {
    file = new AuthFile(directory.resolve("auth.yaml"));
    file.create(Guests.book());
    LoadResult loaded =
        ConfigLoader.load(
            List.of(),
            Map.of(),
            Map.of(
                "server.listen", "127.0.0.1:0",
                "server.dataDir", directory.resolve("data").toString(),
                "store.retention.freeDiskFloor", "0B",
                "auth.file", file.path().toString(),
                "auth.audit", directory.resolve("audit.jsonl").toString()),
            new LoadScope(LoadScope.Role.CORE, false));
    node = CoreNode.start(((LoadResult.Loaded) loaded).config(), "test", Clock.SYSTEM);
    HostPort address = node.address();
    channel =
        ManagedChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build();
  }

  AuthFile file() {
    return file;
  }

  CoreNode node() {
    return node;
  }

  ManagedChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    node.close();
  }
}
