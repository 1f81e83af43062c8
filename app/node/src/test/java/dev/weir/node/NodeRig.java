package dev.weir.node;

import dev.weir.base.Clock;
import dev.weir.config.ConfigLoader;
import dev.weir.config.HostPort;
import dev.weir.config.LoadResult;
import dev.weir.config.LoadScope;
import dev.weir.config.WeirConfig;
import dev.weir.node.auth.AuthFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Storage nodes and routers as configuration has them, in which [Guests] may stand.
final class NodeRig implements AutoCloseable {
  private final Path directory;
  private final AuthFile file;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private int started;

  /// A node whose listener speaks wire alone.
  enum Role {
    STORAGE,
    /// With a storage node behind it, which nobody else reaches.
    ROUTER
  }

  /// Where a node listens.
  record Listening(HostPort address, HostPort ops) {}

  NodeRig(Path directory) throws IOException {
    this.directory = directory;
    this.file = new AuthFile(directory.resolve("auth.yaml"));
    file.create(Guests.book());
  }

  /// Settings with the users' file.
  Map<String, String> withAuth(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("auth.file", file.path().toString());
    return settings;
  }

  /// Starts a node; what is behind it has the users' file.
  Listening start(Role role, Map<String, String> more) throws IOException {
    return switch (role) {
      case STORAGE -> storage(more);
      case ROUTER -> router(storage(withAuth(Map.of())).address(), more);
    };
  }

  Listening storage(Map<String, String> more) throws IOException {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("server.role", "storage");
    settings.put("server.dataDir", directory.resolve("data-" + ++started).toString());
    if (settings.containsKey("auth.file")) {
      settings.put("auth.audit", directory.resolve("audit.jsonl").toString());
    }
    KvNode node = KvNode.start(config(settings), "test", Clock.SYSTEM);
    open.push(node);
    return new Listening(node.address(), node.opsAddress());
  }

  /// A router to one node, by which it is known as `router`.
  Listening router(HostPort behind, Map<String, String> more) throws IOException {
    Path token = Files.writeString(directory.resolve("token"), Guests.ROUTER.text());
    Map<String, String> settings = new HashMap<>(more);
    settings.put("server.role", "router");
    settings.put("router.token", token.toString());
    settings.put("router.storages.0.name", "one");
    settings.put("router.storages.0.address", behind.toString());
    RouterNode node = RouterNode.start(config(settings), "test");
    open.push(node);
    return new Listening(node.address(), node.opsAddress());
  }

  private static WeirConfig config(Map<String, String> settings) {
    settings.put("server.listen", "127.0.0.1:0");
    settings.put("server.ops", "127.0.0.1:0");
    LoadResult loaded =
        ConfigLoader.load(List.of(), Map.of(), settings, new LoadScope(LoadScope.Role.CORE, false));
    return switch (loaded) {
      case LoadResult.Loaded known -> known.config();
      case LoadResult.Refused(var mistakes) -> throw new IllegalStateException("" + mistakes);
    };
  }

  /// Closes something with the nodes, before those that were started earlier.
  <T extends AutoCloseable> T closing(T other) {
    open.push(other);
    return other;
  }

  /// A node's page of metrics, as `anna` sees it.
  static String metrics(Listening node) {
    URI uri = URI.create("http://" + node.ops() + "/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .header("Authorization", "Bearer " + Guests.GOOD.text())
              .build();
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
