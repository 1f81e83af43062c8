package dev.weir.router.nodes;

import dev.weir.router.SlotMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// At a router: which storage nodes count another map than its own, and whose. Each is logged once.
///
/// Told by the duty thread of [NodeTalks]; asked by any.
final class MapDisputes {
  private static final Logger LOG = LoggerFactory.getLogger(MapDisputes.class);

  private final String router;
  private final Set<String> told = new HashSet<>();
  private final Map<String, String> byNode = new ConcurrentHashMap<>();
  private volatile long newestVersion;
  private long ownVersion;
  private long ownHash;

  MapDisputes(String router) {
    this.router = router;
  }

  /// The router goes by this map from now on.
  void onMap(SlotMap map) {
    ownVersion = map.version();
    ownHash = map.fingerprint();
    newestVersion = Math.max(newestVersion, ownVersion);
    byNode.keySet().retainAll(map.nodes().stream().map(node -> node.id()).toList());
    told.clear();
  }

  void onReport(String node, NodeReport said) {
    newestVersion = Math.max(newestVersion, said.mapVersion());
    boolean isOwn =
        said.mapVersion() == ownVersion && said.mapHash() == ownHash && said.mapNode().equals(node);
    if (isOwn || said.mapVersion() < ownVersion) { // Of before it heard of a newer one.
      byNode.remove(node);
      return;
    }
    String line =
        said.mapVersion() == ownVersion
            ? "router "
                + said.mapRouter()
                + " goes by another map of the same version "
                + ownVersion
                + " than this router "
                + router
                + ": give the right one the next version, on all routers"
            : "router "
                + said.mapRouter()
                + " goes by version "
                + said.mapVersion()
                + " of the map, this router "
                + router
                + " by version "
                + ownVersion
                + ": give it the newest router.storages and mapVersion";
    byNode.put(node, line);
    if (told.add(line)) {
      LOG.warn("{}; calls to slots that moved are refused until then", line);
    }
  }

  /// For each node that counts another map, whose that is.
  Map<String, String> byNode() {
    return new TreeMap<>(byNode);
  }

  /// The highest version that was heard of.
  long newestVersion() {
    return newestVersion;
  }
}
