package dev.weir.router;

import dev.weir.wire.FrameHandler;
import dev.weir.wire.FrameType;
import dev.weir.wire.FrameView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StatusCode;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client's stream of calls, each of which goes to the node that its route names.
///
/// Problem: the calls of one stream go to many nodes, any of which may be slow, stuck or dead; that
/// must cost the client only that node's calls, and the router a bounded amount of memory. Idea: a
/// stream of its own ([NodeLink]) to each node, with the client's numbers, so that frames pass on
/// as they are; the client's credit for a frame is given back when it has been passed on, so what
/// the router holds is within the client's window; and at most half a window may wait for one node,
/// beyond which calls to it are refused, unprocessed.
///
/// Invariants:
/// - a call that was passed on is in the table until its one end: answer, cancellation, expiry, or
///   the loss of its link. An answer is passed back only to a call of the same link;
/// - a refusal is marked unprocessed exactly if no frame of the call was written to a node;
/// - an answer that was begun is ended, by its last part or by a status.
///
/// A router keeps no bodies, so it does not try calls again: whoever made the call may, if the
/// status says unprocessed.
///
/// Owned by the event loop.
final class CallRelay implements FrameHandler, Runnable {
  /// How exactly deadlines are kept; clients and nodes keep them too.
  private static final long SWEEP_MILLIS = 10;

  private final LoopRoutes routes;
  private final WireStream client;
  private final OpenRequest request;
  private final CallTable calls = new CallTable();
  private final List<NodeLink> links = new ArrayList<>();

  /// Links by their node's index in the map of `mapVersion`.
  private @Nullable NodeLink[] byOwner = new NodeLink[0];

  private long mapVersion = -1;
  private int lastLink;
  private boolean isInMessage;
  private @Nullable NodeLink inMessage;
  private boolean isSweeping;
  private boolean isEnding;
  private boolean isOver;

  CallRelay(LoopRoutes routes, WireStream client, OpenRequest request) {
    this.routes = routes;
    this.client = client;
    this.request = request;
  }

  LoopRoutes routes() {
    return routes;
  }

  WireStream client() {
    return client;
  }

  CallTable calls() {
    return calls;
  }

  @Override
  public void onFrame(WireStream stream, FrameView frame) {
    NodeLink link = frame.type() != FrameType.MSG ? null : isInMessage ? inMessage : begin(frame);
    boolean isFirst = !isInMessage;
    isInMessage = frame.type() == FrameType.MSG ? frame.hasMore() : isInMessage;
    inMessage = isInMessage ? link : null;
    if (link == null) {
      client.consumed(frame.frameBytes());
    } else {
      link.forward(frame, isFirst);
    }
  }

  /// Decides where a message goes; null when it goes nowhere, which was told.
  private @Nullable NodeLink begin(FrameView frame) {
    boolean isCall = frame.mid() != 0 && !frame.isOneWay();
    WireStatus refusal = refusal(frame, isCall);
    NodeLink link = refusal == null ? linkFor(frame.route()) : null;
    if (refusal == null && link == null) {
      refusal = away(frame.route());
    } else if (link != null) {
      refusal = link.refusal();
    }
    if (refusal != null || link == null) {
      if (isCall && refusal != null) {
        refuse(frame.mid(), refusal);
      }
      return null;
    }
    if (isCall) {
      long micros = frame.deadlineMicros();
      long deadlineNanos =
          micros < 0 ? CallTable.NEVER : System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
      if (!calls.add(frame.mid(), link.number(), deadlineNanos)) {
        client.abort(
            WireStatus.of(StatusCode.INVALID_ARGUMENT, "Call " + frame.mid() + " came twice."));
        return null;
      }
      link.onCall();
      routes.counters().onCall();
      sweepLater(deadlineNanos);
    }
    return link;
  }

  private @Nullable WireStatus refusal(FrameView frame, boolean isCall) {
    if (isEnding || isOver) {
      return RouterStatus.CLIENT_GONE;
    }
    if (!frame.hasRoute()) {
      return RouterStatus.NO_ROUTE;
    }
    if (isCall && frame.deadlineMicros() == 0) {
      routes.counters().onExpired();
      return RouterStatus.LATE;
    }
    return calls.count() >= routes.limits().calls() ? RouterStatus.TOO_MANY : null;
  }

  private WireStatus away(long route) {
    SlotMap map = routes.map();
    StorageNode node = map.nodeOf(route);
    return node == null ? RouterStatus.noNode(route, map.version()) : routes.away(node);
  }

  private @Nullable NodeLink linkFor(long route) {
    SlotMap map = routes.map();
    if (map.version() != mapVersion) {
      mapVersion = map.version();
      byOwner = new NodeLink[map.nodes().size()];
    }
    int owner = map.ownerOf(route);
    if (owner == SlotMap.NONE) {
      return null;
    }
    NodeLink known = byOwner[owner];
    if (known != null && known.isOpen()) {
      return known;
    }
    known = existing(map.nodes().get(owner));
    byOwner[owner] = known == null ? opened(routes.upstream(owner)) : known;
    return byOwner[owner];
  }

  private @Nullable NodeLink existing(StorageNode node) {
    for (NodeLink link : links) {
      if (link.isOpen() && link.node().equals(node)) {
        return link;
      }
    }
    return null;
  }

  private @Nullable NodeLink opened(Upstream upstream) {
    NodeLink link = new NodeLink(this, upstream, lastLink + 1);
    if (!link.open(request)) {
      return null;
    }
    lastLink++;
    links.add(link);
    return link;
  }

  private void refuse(int mid, WireStatus why) {
    routes.counters().onRefusal();
    tell(mid, why);
  }

  /// Says how a call failed. A client that makes calls and reads nothing is closed in the end.
  private void tell(int mid, WireStatus why) {
    if (client.queuedBytes() > routes.limits().unreadReplies().bytes()) {
      client.abort(WireStatus.of(StatusCode.RESOURCE_EXHAUSTED, "Answers are not read."));
    } else {
      client.reply(mid, why);
    }
  }

  /// A call got its answer.
  void answered(int mid) {
    calls.remove(mid);
    routes.counters().onReply();
    endIfDone();
  }

  /// A link is over: its calls have no answer.
  ///
  /// @param status how the node ended it; what it says of the client is passed on
  void onLinkClosed(NodeLink link, WireStatus status) {
    links.remove(link);
    if (inMessage == link) {
      inMessage = null;
    }
    if (isOver) {
      return;
    }
    calls.forEachOf(
        link.number(),
        mid -> {
          WireStatus why =
              RouterStatus.isRefusal(status)
                  ? status
                  : RouterStatus.lost(link.node(), calls.is(mid, CallTable.SENT));
          calls.remove(mid);
          routes.counters().onLost();
          tell(mid, why);
        });
    endIfDone();
  }

  /// A node that is draining has not taken the calls behind one.
  void onLastCall(NodeLink link, int lastMid) {
    calls.forEachOf(
        link.number(),
        mid -> {
          if (mid - lastMid > 0) { // Serial numbers: they wrap.
            calls.remove(mid);
            link.onUntaken();
            refuse(mid, RouterStatus.draining(link.node()));
          }
        });
    endIfDone();
  }

  private @Nullable NodeLink linkOf(int mid) {
    int number = calls.linkOf(mid);
    for (NodeLink link : links) {
      if (link.number() == number) {
        return link;
      }
    }
    return null;
  }

  @Override
  public void onCancelled(WireStream stream, int mid) {
    giveUp(mid, calls.is(mid, CallTable.REPLYING) ? RouterStatus.CANCELLED : null);
  }

  private void giveUp(int mid, @Nullable WireStatus told) {
    NodeLink link = linkOf(mid);
    if (link == null) {
      return;
    }
    calls.remove(mid);
    link.cancel(mid);
    if (told != null) {
      tell(mid, told);
    }
    endIfDone();
  }

  private void sweepLater(long deadlineNanos) {
    if (deadlineNanos != CallTable.NEVER && !isSweeping) {
      isSweeping = true;
      var _ = routes.loop().schedule(this, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /// Gives up what is overdue.
  @Override
  public void run() {
    isSweeping = false;
    if (isOver) {
      return;
    }
    calls.forEachOverdue(
        System.nanoTime(),
        mid -> {
          routes.counters().onExpired();
          giveUp(mid, RouterStatus.EXPIRED);
        });
    if (calls.hasDeadlines()) {
      sweepLater(0);
    }
  }

  @Override
  public void onEnd(WireStream stream) {
    isEnding = true;
    endIfDone();
  }

  private void endIfDone() {
    if (isEnding && !isOver && calls.count() == 0) {
      client.end();
    }
  }

  @Override
  public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
    isOver = true;
    for (NodeLink link : List.copyOf(links)) {
      link.abort(RouterStatus.CLIENT_GONE);
    }
  }
}
