package dev.weir.link;

import dev.weir.base.Clock;

/// A client and a core with nothing in between.
public enum DirectPath implements LinkPath {
  GRPC(LinkScheme.GRPC),
  GRPC_TLS(LinkScheme.GRPCS),
  WIRE(LinkScheme.WIRE),
  WIRE_TLS(LinkScheme.WIRES);

  private final LinkScheme scheme;

  DirectPath(LinkScheme scheme) {
    this.scheme = scheme;
  }

  @Override
  public LinkScheme scheme() {
    return scheme;
  }

  @Override
  public LinkCore start(LinkServerConfig config, LinkStore store, Clock clock) {
    return TestCore.start(this, config, store, clock);
  }
}
