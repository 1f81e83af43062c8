package dev.weir.it;

import dev.weir.link.LinkFaultTest;
import dev.weir.link.LinkIdentityTest;
import dev.weir.link.LinkLoadTest;
import dev.weir.link.LinkPath;
import dev.weir.link.LinkSessionTest;
import dev.weir.link.LinkTest;
import dev.weir.link.Over;
import org.junit.jupiter.api.Nested;

/// The link's conformance tests against a core behind the one port: gRPC and wire, in plain text
/// and over TLS.
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
  final class Faults extends LinkFaultTest {
    Faults(LinkPath path) {
      super(path);
    }
  }

  @Nested
  @Over(PortPath.class)
  final class Identities extends LinkIdentityTest {
    Identities(LinkPath path) {
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

  @Nested
  @Over(PortPath.class)
  final class Loads extends LinkLoadTest {
    Loads(LinkPath path) {
      super(path);
    }
  }
}
