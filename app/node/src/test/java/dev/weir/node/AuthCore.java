package dev.weir.node;

import dev.weir.auth.AuthBook;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A core with `auth.file`, in which [Guests] stand, and a channel of gRPC to it.
final class AuthCore implements AutoCloseable {
  private final AuthFile file;
  private final CoreNode node;
  private final ManagedChannel channel;

  AuthCore(Path directory) throws IOException {
    this(directory, Guests.book(), Map.of());
  }

  AuthCore(Path directory, AuthBook book, Map<String, String> more) throws IOException {
    file = new AuthFile(directory.resolve("auth.yaml"));
    file.create(book);
    Map<String, String> settings = new HashMap<>(more);
    settings.put("server.listen", "127.0.0.1:0");
    settings.put("server.dataDir", directory.resolve("data").toString());
    settings.put("store.retention.freeDiskFloor", "0B");
    settings.put("auth.file", file.path().toString());
    settings.put("auth.audit", directory.resolve("audit.jsonl").toString());
    LoadResult loaded =
        ConfigLoader.load(List.of(), Map.of(), settings, new LoadScope(LoadScope.Role.CORE, false));
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
