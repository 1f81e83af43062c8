package dev.weir.node;

import dev.weir.base.Bytes;
import dev.weir.config.HostPort;
import dev.weir.gateway.port.OpsAnswer;
import dev.weir.gateway.port.OpsRoute;
import dev.weir.gateway.port.Port;
import dev.weir.gateway.port.PortConfig;
import dev.weir.gateway.port.PortLimits;
import dev.weir.gateway.port.PortServices;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// `/metrics`, `/livez` and `/readyz`, of every role. Live means that the process works: a restart
/// would help otherwise.
final class OpsRoutes {
  static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private OpsRoutes() {}

  /// @param readiness what must hold for the node to accept work
  static Map<String, OpsRoute> of(Meters<?> meters, Supplier<List<Health.Check>> readiness) {
    return Map.of(
        "/metrics",
        _ -> new OpsAnswer(200, PROMETHEUS_TEXT, Bytes.utf8(meters.page())),
        "/livez",
        new Health(List::of)::answer,
        "/readyz",
        new Health(readiness)::answer);
  }

  /// The same and `/status`: a document for programs, see `weir nodes`.
  static Map<String, OpsRoute> with(Map<String, OpsRoute> routes, Supplier<String> status) {
    Map<String, OpsRoute> more = new TreeMap<>(routes);
    more.put("/status", _ -> OpsAnswer.json(200, status.get()));
    return more;
  }

  /// Serves them on an address of their own.
  static Port serve(HostPort address, Map<String, OpsRoute> routes) {
    return Port.start(
        new PortConfig(address.host(), address.port(), PortLimits.DEFAULT),
        PortServices.of(routes));
  }
}
