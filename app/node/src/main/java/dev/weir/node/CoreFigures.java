package dev.weir.node;

import dev.weir.auth.AuthStats;
import dev.weir.broker.BrokerStats;
import dev.weir.broker.EngineStats;
import dev.weir.gateway.port.PortStats;
import dev.weir.gateway.web.http.WebStats;
import dev.weir.kv.KvStats;
import dev.weir.link.LinkServerStats;
import java.util.function.ToLongFunction;

/// A core's figures at one moment.
///
/// @param freeDiskBytes of the file system that holds the data
record CoreFigures(
    BrokerStats broker,
    KvStats kv,
    LinkServerStats link,
    WireFigures wire,
    PortStats port,
    WebStats web,
    AuthStats auth,
    long freeDiskBytes) {
  /// The sum of a figure over the partitions.
  long partitions(ToLongFunction<EngineStats.Partition> figure) {
    return broker.engine().partitions().stream().mapToLong(figure).sum();
  }

  /// The largest of a figure over the partitions.
  long worst(ToLongFunction<EngineStats.Partition> figure) {
    return broker.engine().partitions().stream().mapToLong(figure).max().orElse(0);
  }
}
