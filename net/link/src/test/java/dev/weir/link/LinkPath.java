package dev.weir.link;

import dev.weir.base.Clock;
import dev.weir.message.BatchSource;
import dev.weir.testkit.TestKeys;
import java.net.URI;
import java.util.List;

/// What a link of the conformance tests runs over. These tests are one suite for every path: they
/// ask for a core and for a client's configuration here and know nothing else of what is between
/// the two.
///
/// Direct paths are [DirectPath]; quality/it has those through a router and to a core's one port.
/// gRPC through a router means nothing: a router passes frames of wire on, and gRPC has proxies of
/// its own.
public interface LinkPath {
  /// Starts a core at the far end.
  LinkCore start(LinkServerConfig config, LinkStore store, Clock clock);

  /// The scheme of targets on this path.
  LinkScheme scheme();

  /// A target at a port of the loopback.
  default URI uri(int port) {
    return URI.create(scheme().text() + "://127.0.0.1:" + port);
  }

  /// A sender's configuration: what is signed by the test's authority is trusted.
  default LinkClientConfig config(List<URI> targets, BatchSource source) {
    return LinkClientConfig.of(targets, source).withTls(tls());
  }

  /// The keys of the tests.
  default LinkTls tls() {
    return new LinkTls(() -> TestKeys.of("server"));
  }

  /// How the names of a core's event loops begin.
  default String coreThreads() {
    return "weir-io-test-core-";
  }
}
