package dev.weir.router.nodes;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.remote.Peer;
import dev.weir.remote.Remote;
import dev.weir.remote.RemoteCounters;
import dev.weir.remote.RemoteMode;
import dev.weir.remote.RemoteOptions;
import dev.weir.remote.RemoteReply;
import dev.weir.remote.RemoteWatcher;
import dev.weir.router.NodeStandings;
import dev.weir.router.SlotMap;
import dev.weir.router.StorageNode;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The talk with one storage node: at most one announcement is unanswered, and what is due
/// meanwhile is said, as it is then, when the answer is there. So a node that is away costs one
/// message, and hears of the newest map first thing when it is back.
///
/// Owned by the duty thread of [NodeTalks], but for what the remote tells on threads of its own.
final class NodeTalk implements RemoteReply {
  private static final Logger LOG = LoggerFactory.getLogger(NodeTalk.class);

  /// The unanswered announcement, and the next while the answer is being dealt with.
  private static final int BUFFER = 2;

  private final TalkOptions options;
  private final StorageNode node;
  private final NodeStandings standings;
  private final MapDisputes disputes;
  private final Remote remote;
  private Announcement said;
  private boolean isUnderway;
  private boolean isDue;
  private boolean isRetired;
  private NodeView.State told = NodeView.State.SILENT;
  private volatile @Nullable NodeReport report;
  private volatile long heardNanos;
  private volatile boolean isLeaving;
  private volatile String trouble = "not connected yet";

  NodeTalk(
      TalkOptions options,
      StorageNode node,
      SlotMap map,
      Peer peer,
      NodeStandings standings,
      MapDisputes disputes,
      Executor duty,
      RandomGenerator random) {
    this.options = options;
    this.node = node;
    this.said = announcement(map);
    this.standings = standings;
    this.disputes = disputes;
    RemoteOptions remotely =
        new RemoteOptions(
            options.router() + "-" + node.id(),
            RemoteMode.ASYNC,
            BUFFER,
            duty,
            options.backoff(),
            random);
    this.remote = Remote.start(remotely, peer, new Watching(duty));
  }

  StorageNode node() {
    return node;
  }

  /// Tells the node of the map; it may have lost its slots by it, or have been left out of it.
  void announce(SlotMap newest) {
    said = announcement(newest);
    say();
  }

  private Announcement announcement(SlotMap map) {
    return new Announcement(
        options.router(),
        options.start(),
        map.version(),
        map.fingerprint(),
        node.id(),
        map.slotsOf(node),
        options.periodMillis());
  }

  /// Says it once more, and then nothing any more.
  void retire(SlotMap newest) {
    isRetired = true;
    announce(newest);
  }

  /// Whether the node knows that it has no part in the map any more.
  boolean isDone() {
    return isRetired && !isUnderway && !isDue;
  }

  /// A period is over.
  void tick() {
    if (!isRetired) {
      say();
    }
    long now = System.nanoTime();
    if (isSilent(now)) {
      standings.good(node.id()); // What it said of itself is too old to be held against it.
    }
    tell(now);
  }

  /// What waits for its answer goes out by itself.
  private void greet() {
    if (!isUnderway && !isRetired) {
      say();
    }
  }

  private void say() {
    if (isUnderway) {
      isDue = true;
      return;
    }
    isUnderway = true;
    isDue = false;
    try {
      remote.send(NodeCodec.encode(said), this); // There is room: one at a time.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException _) {
      isUnderway = false; // It is being closed.
    }
  }

  @Override
  public void onReply(Bytes body) {
    isUnderway = false;
    try {
      take(NodeCodec.report(body));
    } catch (WeirException e) {
      trouble = e.explanation();
    }
    sayWhatIsDue();
  }

  private void take(NodeReport answer) {
    long now = System.nanoTime();
    report = answer;
    heardNanos = now;
    isLeaving = answer.isDraining();
    trouble = "";
    if (answer.isDraining()) {
      standings.leaving(node.id(), now);
    } else if (answer.figures().canStore()) {
      standings.good(node.id());
    } else {
      standings.cannotStore(node.id(), answer.figures().fault(), now);
    }
    disputes.onReport(node.id(), answer);
    tell(now);
  }

  private void tell(long nowNanos) {
    NodeView.State state = view(nowNanos).state();
    if (state != told) {
      LOG.info("storage node {}: {} (was {})", node.id(), state, told);
      told = state;
    }
  }

  @Override
  public void onFailure(String why) {
    isUnderway = false;
    trouble = why;
    sayWhatIsDue();
  }

  private void sayWhatIsDue() {
    if (isDue) {
      say();
    }
  }

  /// Any thread.
  NodeView view(long nowNanos) {
    return new NodeView(
        node, Optional.ofNullable(report), heardNanos, isLeaving, isSilent(nowNanos), trouble);
  }

  private boolean isSilent(long nowNanos) {
    long patienceMillis = (long) AnnouncedMaps.SILENT_PERIODS * options.periodMillis();
    return report == null || nowNanos - heardNanos > TimeUnit.MILLISECONDS.toNanos(patienceMillis);
  }

  /// Any thread.
  RemoteCounters counters() {
    return remote.counters();
  }

  /// Gives the connection up for another one.
  void reconnect() {
    remote.reconnect();
  }

  void close() {
    standings.good(node.id());
    remote.close();
  }

  /// How the connection fares.
  private final class Watching implements RemoteWatcher {
    private final Executor duty;

    Watching(Executor duty) {
      this.duty = duty;
    }

    /// The node may be another process than before, that knows no map.
    @Override
    public void onConnected() {
      duty.execute(NodeTalk.this::greet);
    }

    /// At once, from the event loop: calls are on their way.
    @Override
    public void onDraining() {
      standings.leaving(node.id(), System.nanoTime());
      isLeaving = true;
    }

    @Override
    public void onLost(String why) {
      trouble = why;
    }
  }
}
