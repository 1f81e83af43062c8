package dev.weir.gateway.port;

import java.util.Map;

/// What the port has seen since it started.
///
/// @param open connections now, those that have not said their protocol included
/// @param accepted connections by the protocol they spoke
/// @param refused connections by the reason
public record PortStats(int open, Map<Protocol, Long> accepted, Map<Refusal, Long> refused) {
  public PortStats {
    accepted = Map.copyOf(accepted);
    refused = Map.copyOf(refused);
  }
}
