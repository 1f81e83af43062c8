package dev.weir.node;

import dev.weir.config.HostPort;
import dev.weir.kv.BlockingKv;
import dev.weir.kv.KvClient;
import dev.weir.wire.Transport;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireSecurity;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Clients of buckets at one address, each with what it shows, and their loop.
final class WireClients implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final WireLoops loops = WireLoops.start("test", 1, Transport.best());
  private final List<KvClient> open = new ArrayList<>();

  /// @param shown the token; nothing is shown when it is empty
  KvClient client(HostPort at, String shown) {
    KvClient client =
        new KvClient(connector(shown), new InetSocketAddress(at.host(), at.port()), TIMEOUT);
    open.add(client);
    return client;
  }

  BlockingKv blocking(HostPort at, String shown) {
    return new BlockingKv(client(at, shown));
  }

  WireConnector connector(String shown) {
    WireSecurity security =
        shown.isEmpty() ? WireSecurity.NONE : WireSecurity.NONE.withToken(() -> shown);
    return new WireConnector(loops, WireContext.of("test").with(security));
  }

  @Override
  public void close() {
    open.forEach(KvClient::close);
    loops.close();
  }
}
