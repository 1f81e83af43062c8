package dev.weir.node;

import dev.weir.gateway.port.PortStats;
import dev.weir.gateway.port.Protocol;
import dev.weir.gateway.port.Refusal;
import java.util.Locale;
import java.util.function.Function;

/// The metrics of what is listened on, on the pages of every role.
final class PortMeters {
  private PortMeters() {}

  static <F> void register(Meters<F> meters, Function<F, PortStats> stats) {
    meters.gauge("weir.connections", "Open connections.", f -> stats.apply(f).open());
    meters.gauge(
        "weir.grpc.unfinished.bytes",
        "Held of gRPC messages that are not whole yet, beyond 64 KiB a call.",
        f -> stats.apply(f).unfinishedBytes());
    meters.counter(
        "weir.grpc.unfinished.refused",
        "Calls ended because there was no memory for their message.",
        f -> stats.apply(f).refusedMessages());
    for (Protocol protocol : Protocol.values()) {
      meters.counter(
          "weir.connections.opened",
          "Connections by protocol.",
          f -> stats.apply(f).accepted().getOrDefault(protocol, 0L),
          "protocol",
          protocol.name().toLowerCase(Locale.ROOT));
    }
    for (Refusal refusal : Refusal.values()) {
      meters.counter(
          "weir.connections.refused",
          "Connections closed before they spoke a protocol.",
          f -> stats.apply(f).refused().getOrDefault(refusal, 0L),
          "reason",
          refusal.name().toLowerCase(Locale.ROOT));
    }
  }
}
