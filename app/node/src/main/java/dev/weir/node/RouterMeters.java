package dev.weir.node;

import dev.weir.router.Router;
import dev.weir.router.RouterCounters;
import dev.weir.router.nodes.NodeTalks;
import dev.weir.router.nodes.NodeView;

/// A router's metrics. Nodes are named by configuration, so their number is bounded.
final class RouterMeters {
  private RouterMeters() {}

  /// What storage nodes say.
  static <F> void talks(Meters<F> meters, NodeTalks talks) {
    for (NodeView.State state : NodeView.State.values()) {
      meters.gauge(
          "weir.router.nodes.state",
          "Storage nodes of the map by what they say of themselves.",
          _ -> talks.nodes().stream().filter(node -> node.state() == state).count(),
          "state",
          StatusJson.word(state));
    }
    meters
        .gauge(
            "weir.router.map.newest.version",
            "The highest version of the map that was heard of.",
            _ -> talks.newestVersion())
        .gauge(
            "weir.router.map.disputes",
            "Storage nodes that count another router's map than this one's: alert above zero.",
            _ -> talks.disputes().size())
        .counter(
            "weir.router.announcements",
            "Announcements that storage nodes answered.",
            _ -> talks.answered());
  }

  static <F> void register(Meters<F> meters, Router router) {
    RouterCounters counters = router.counters();
    meters
        .counter("weir.router.calls", "Calls passed on to a storage node.", _ -> counters.calls())
        .counter("weir.router.replies", "Answers passed back.", _ -> counters.replies())
        .counter(
            "weir.router.refusals", "Calls refused here, unprocessed.", _ -> counters.refusals())
        .counter(
            "weir.router.late.replies",
            "Frames of answers that nobody waited for any more.",
            _ -> counters.lateReplies())
        .counter("weir.router.expired", "Calls whose time was over here.", _ -> counters.expired())
        .counter(
            "weir.router.lost",
            "Calls that were under way to a storage node that was lost.",
            _ -> counters.lost())
        .counter(
            "weir.router.connects", "Connections tried to storage nodes.", _ -> counters.connects())
        .gauge("weir.router.map.version", "Version of the map in force.", _ -> router.mapVersion())
        .gauge("weir.router.nodes", "Storage nodes of the map.", _ -> router.reachedNodes().size())
        .gauge(
            "weir.router.nodes.reached",
            "Of these, those that every loop is connected to.",
            _ -> router.reachedNodes().values().stream().filter(isReached -> isReached).count());
  }
}
