package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.bench.data.DataPool;
import dev.weir.client.Delivered;
import dev.weir.client.Start;
import dev.weir.client.SubscribeOptions;
import dev.weir.client.Subscription;
import dev.weir.client.WeirClient;
import dev.weir.node.CoreNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/// Reads back what a core has stored, once it has ended: opens its log anew, subscribes from the
/// first message, and compares every body byte for byte with the message of its number.
final class ShipAudit {
  private ShipAudit() {}

  /// What was found of the messages that were acked.
  ///
  /// @param stored messages in the log
  /// @param lost numbers that are not there
  /// @param duplicated messages whose number was there already
  /// @param damaged messages that are not what was sent
  /// @param disordered messages after one with a higher number; many connections have no order
  record Verdict(long stored, long lost, long duplicated, long damaged, long disordered) {
    boolean isClean() {
      return lost == 0 && duplicated == 0 && damaged == 0;
    }
  }

  /// @param ackedCount how many messages were acked: numbers from 0 on
  static Verdict run(Path data, DataPool pool, long ackedCount, Clock clock) throws IOException {
    Map<String, String> settings =
        Map.of(
            "server.dataDir", data.toString(),
            "server.listen", "127.0.0.1:0",
            "store.retention.freeDiskFloor", "0B");
    try (CoreNode core = CoreNode.start(EdgeConfigs.of(settings), "bench", clock);
        WeirClient client = WeirClient.connect(URI.create("weir://" + core.address()));
        Subscription all =
            client.subscribe(SubscribeOptions.of("#", Start.first()).endingAtTail())) {
      return count(all, pool, ackedCount);
    }
  }

  private static Verdict count(Subscription all, DataPool pool, long ackedCount) {
    BodyCount count = new BodyCount(pool, ackedCount);
    for (Delivered delivered : all) {
      count.add(delivered.message().body());
    }
    return count.verdict();
  }
}
