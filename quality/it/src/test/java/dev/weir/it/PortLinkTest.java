package dev.weir.it;

import dev.weir.link.LinkPath;
import dev.weir.link.LinkSessionTest;
import dev.weir.link.LinkTest;
import dev.weir.link.Over;
import org.junit.jupiter.api.Nested;

/// The link's conformance tests against a core behind the one port, gRPC and wire, in plain text
/// and over TLS: those of what is transferred and of sessions. The others look at what is behind
/// the port, and run over each carrier directly and through a router.
final class PortLinkTest {
  @Nested
  @Over(PortPath.class)
  final class Transfers extends LinkTest {
    Transfers(LinkPath path) {
      super(path);
    }
  }

  @Nested
  @Over(PortPath.class)
  final class Sessions extends LinkSessionTest {
    Sessions(LinkPath path) {
      super(path);
    }
  }
}
