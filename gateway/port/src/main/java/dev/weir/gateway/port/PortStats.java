package dev.weir.gateway.port;

import java.util.Map;

/// What the port has seen since it started.
///
/// @param open connections now, those that have not said their protocol included
/// @param accepted connections by the protocol they spoke
/// @param refused connections by the reason
/// @param unfinishedBytes held of gRPC messages that are not whole yet, beyond 64 KiB a call
/// @param refusedMessages calls of gRPC that were ended because there was no memory for theirs
public record PortStats(
    int open,
    Map<Protocol, Long> accepted,
    Map<Refusal, Long> refused,
    long unfinishedBytes,
    long refusedMessages) {
  /// Of a listener without gRPC.
  public PortStats(int open, Map<Protocol, Long> accepted, Map<Refusal, Long> refused) {
    this(open, accepted, refused, 0, 0);
  }

  public PortStats {
    accepted = Map.copyOf(accepted);
    refused = Map.copyOf(refused);
  }

  PortStats with(UnfinishedMessages unfinished) {
    return new PortStats(open, accepted, refused, unfinished.heldBytes(), unfinished.refused());
  }
}
