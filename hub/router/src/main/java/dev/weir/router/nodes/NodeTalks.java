package dev.weir.router.nodes;

import dev.weir.remote.RemoteCounters;
import dev.weir.remote.WirePeer;
import dev.weir.router.NodeStandings;
import dev.weir.router.Router;
import dev.weir.router.SlotMap;
import dev.weir.router.StorageNode;
import dev.weir.wire.WireConnector;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A router's side: talks to every storage node of its map, each over a remote of its own, and
/// holds what they say against them ([NodeStandings]).
///
/// Any thread may call any method. What is done runs on one thread, `weir-nodes-NAME`, that of
/// remotes on `weir-remote-NAME-NODE`; nothing of it is on the way of a call.
public final class NodeTalks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeTalks.class);

  /// How long a node that was left out of the map has to hear of it.
  private static final long FAREWELL_SECONDS = 10;

  private final TalkOptions options;
  private final WireConnector connector;
  private final NodeStandings standings;
  private final MapDisputes disputes;

  /// No session of one talk may be taken for another's, of whichever process.
  private final SecureRandom random = new SecureRandom();

  private final ScheduledThreadPoolExecutor duty;

  /// Changed by the duty thread alone.
  private final Map<StorageNode, NodeTalk> talks = new ConcurrentHashMap<>();

  /// Of nodes that were left out; changed by the duty thread alone.
  private final List<NodeTalk> leaving = new CopyOnWriteArrayList<>();

  /// Answers of talks that are over.
  private final LongAdder past = new LongAdder();

  private NodeTalks(TalkOptions options, WireConnector connector, NodeStandings standings) {
    this.options = options;
    this.connector = connector;
    this.standings = standings;
    this.disputes = new MapDisputes(options.router());
    this.duty =
        new ScheduledThreadPoolExecutor(
            1,
            task ->
                Thread.ofPlatform()
                    .daemon()
                    .name("weir-nodes-" + options.router())
                    .unstarted(task));
    duty.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Begins to talk to the nodes of a router's map.
  ///
  /// @param connector shows storage nodes who the router is
  public static NodeTalks start(TalkOptions options, Router router, WireConnector connector) {
    NodeTalks talks = new NodeTalks(options, connector, router.standings());
    talks.announce(router.map());
    long periodMillis = options.periodMillis();
    var _ =
        talks.duty.scheduleAtFixedRate(
            talks::tick, periodMillis, periodMillis, TimeUnit.MILLISECONDS);
    return talks;
  }

  /// Tells every node of a newer map: of those that are in it, and those that were in the one
  /// before.
  public void announce(SlotMap map) {
    run(() -> apply(map));
  }

  private void apply(SlotMap map) {
    disputes.onMap(map);
    Map<StorageNode, NodeTalk> before = new HashMap<>(talks);
    for (StorageNode node : map.nodes()) {
      NodeTalk known = before.remove(node);
      if (known == null) {
        talks.put(node, opened(node, map));
      } else {
        known.announce(map);
      }
    }
    before.forEach((node, talk) -> {
      talks.remove(node);
      leaving.add(talk);
      if (map.nodes().stream().anyMatch(other -> other.id().equals(node.id()))) {
        leave(talk); // It has another address now: what is said there counts.
        return;
      }
      talk.retire(map);
      var _ = duty.schedule(() -> leave(talk), FAREWELL_SECONDS, TimeUnit.SECONDS);
    });
  }

  private NodeTalk opened(StorageNode node, SlotMap map) {
    WirePeer peer = new WirePeer(connector, node.address(), Router.NODES);
    Executor onDuty = this::run;
    return new NodeTalk(options, node, map, peer, standings, disputes, onDuty, random);
  }

  private void leave(NodeTalk talk) {
    if (leaving.contains(talk)) {
      talk.close();
      past.add(talk.counters().answered());
      leaving.remove(talk);
    }
  }

  private void tick() {
    try {
      talks.values().forEach(NodeTalk::tick);
      leaving.stream().filter(NodeTalk::isDone).forEach(this::leave);
    } catch (RuntimeException e) {
      LOG.error("a turn of announcements failed", e); // The next one is due all the same.
    }
  }

  /// What is to be done after the end is dropped.
  private void run(Runnable task) {
    try {
      duty.execute(task);
    } catch (RejectedExecutionException _) {
      // Closed.
    }
  }

  /// What the router calls itself.
  public String name() {
    return options.router();
  }

  /// What is known of each node of the map, by their ids.
  public List<NodeView> nodes() {
    long now = System.nanoTime();
    return talks.values().stream()
        .map(talk -> talk.view(now))
        .sorted((a, b) -> a.node().id().compareTo(b.node().id()))
        .toList();
  }

  /// For each node that counts another map than this router's: whose, for people.
  public Map<String, String> disputes() {
    return disputes.byNode();
  }

  /// The highest version of the map that was heard of, this router's own included.
  public long newestVersion() {
    return disputes.newestVersion();
  }

  /// Announcements that were answered since the start.
  public long answered() {
    return past.sum()
        + Stream.concat(talks.values().stream(), leaving.stream())
            .mapToLong(talk -> talk.counters().answered())
            .sum();
  }

  /// What the remotes of the map's nodes have done.
  public Map<String, RemoteCounters> counters() {
    Map<String, RemoteCounters> counters = new HashMap<>();
    talks.forEach((node, talk) -> counters.put(node.id(), talk.counters()));
    return counters;
  }

  /// Gives every connection up for another one. For tests, and for whoever knows better than the
  /// connections that they lead nowhere.
  public void reconnect() {
    talks.values().forEach(NodeTalk::reconnect);
  }

  /// Ends every talk. Idempotent, never throws.
  @Override
  public void close() {
    run(() -> {
      talks.values().forEach(NodeTalk::close);
      leaving.forEach(NodeTalk::close);
      talks.clear();
      leaving.clear();
    });
    duty.shutdown();
    try {
      var _ = duty.awaitTermination(FAREWELL_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
