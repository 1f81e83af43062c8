package dev.weir.node;

import dev.weir.base.Clock;
import dev.weir.config.ConfigLoader;
import dev.weir.config.HostPort;
import dev.weir.config.LoadResult;
import dev.weir.config.LoadScope;
import dev.weir.config.WeirConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Storage nodes and routers, as their configuration starts them, and what they say over HTTP.
final class TestRoles implements AutoCloseable {
  private final Path directory;
  private final List<ServerNode> open = new ArrayList<>();

  TestRoles(Path directory) {
    this.directory = directory;
  }

  KvNode storage(Map<String, String> settings) {
    return storage("storage-" + open.size(), settings);
  }

  /// @param data the directory of its data, below the test's
  KvNode storage(String data, Map<String, String> settings) {
    try {
      KvNode node = KvNode.start(config("storage", with(settings, data)), "test", Clock.SYSTEM);
      open.add(node);
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> with(Map<String, String> settings, String data) {
    Map<String, String> more = new HashMap<>(settings);
    more.put("server.dataDir", directory.resolve(data).toString());
    return more;
  }

  RouterNode router(Map<String, String> settings) {
    RouterNode node = RouterNode.start(config("router", settings), "test");
    open.add(node);
    return node;
  }

  /// How a router is told of its storage nodes; it speaks to them often.
  static Map<String, String> routes(String name, int mapVersion, KvNode... nodes) {
    Map<String, String> settings = new HashMap<>();
    settings.put("router.name", name);
    settings.put("router.announce", "200ms");
    settings.put("router.mapVersion", Integer.toString(mapVersion));
    for (int i = 0; i < nodes.length; i++) {
      settings.put("router.storages." + i + ".name", "n" + i);
      settings.put("router.storages." + i + ".address", nodes[i].address().toString());
    }
    return settings;
  }

  WeirConfig config(String role, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("server.role", role);
    all.putIfAbsent("server.listen", "127.0.0.1:0");
    all.put("server.ops", "127.0.0.1:0");
    LoadResult loaded =
        ConfigLoader.load(List.of(), Map.of(), all, new LoadScope(LoadScope.Role.CORE, false));
    return switch (loaded) {
      case LoadResult.Loaded known -> known.config();
      case LoadResult.Refused(var mistakes) -> throw new IllegalStateException("" + mistakes);
    };
  }

  /// What a node says at a path.
  ///
  /// @param authorization the header; none when it is empty
  static String get(HostPort ops, String path, String authorization) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + ops + path));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    open.reversed().forEach(ServerNode::close);
  }
}
