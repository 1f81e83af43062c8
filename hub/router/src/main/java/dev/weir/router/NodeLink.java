package dev.weir.router;

import dev.weir.wire.FrameHandler;
import dev.weir.wire.FrameType;
import dev.weir.wire.FrameView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StatusCode;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import dev.weir.wire.Written;
import org.jspecify.annotations.Nullable;

/// One client stream's own stream to one node. Calls keep their numbers on it.
///
/// Owned by the event loop.
final class NodeLink implements FrameHandler, Upstream.Rider, Written {
  /// What a frame that waits takes beside its bytes: the objects of queue and buffer. Without it,
  /// small frames would take a multiple of the limit.
  private static final int WAITING_FRAME_BYTES = 256;

  private final CallRelay relay;
  private final Upstream upstream;
  private final int number;
  private final WireStream client;
  private @Nullable WireStream node;
  private long heldBytes;
  private int waiting;
  private boolean isRefused;

  /// @param number tells links of one client stream apart, those that are over included
  NodeLink(CallRelay relay, Upstream upstream, int number) {
    this.relay = relay;
    this.upstream = upstream;
    this.number = number;
    this.client = relay.client();
  }

  boolean open(OpenRequest request) {
    node = upstream.open(request, this, this);
    return node != null;
  }

  StorageNode node() {
    return upstream.node();
  }

  int number() {
    return number;
  }

  boolean isOpen() {
    return node != null && node.isSending() && !isLeaving();
  }

  /// Whether new calls belong elsewhere: the node has no slot any more or takes no further call, or
  /// there is a newer connection to it.
  private boolean isLeaving() {
    return isRefused || upstream.isRetired() || (node != null && upstream.isSuperseded(node));
  }

  /// The node is draining: what it was sent behind this call is unprocessed.
  @Override
  public void onLastCall(WireStream stream, int mid) {
    isRefused = true;
    relay.onLastCall(this, mid);
    leaveIfDone();
  }

  /// A call that the node did not take is told so.
  void onUntaken() {
    waiting--;
  }

  /// Why a new call does not go to the node, though there is a stream to it: as much waits as one
  /// node may hold up, or the node says so. Null if it goes.
  @Nullable WireStatus refusal() {
    if (heldBytes >= relay.routes().limits().heldPerNode().bytes()) {
      return RouterStatus.full(node());
    }
    NodeStandings.Standing said = upstream.standing();
    return said == null ? null : said.why();
  }

  void onCall() {
    waiting++;
  }

  /// Passes a frame on to the node.
  void forward(FrameView frame, boolean isFirst) {
    int bytes = frame.frameBytes();
    WireStream to = node;
    if (to == null || !to.isSending()) {
      client.consumed(bytes);
      return;
    }
    heldBytes += bytes + WAITING_FRAME_BYTES;
    int mid = frame.mid();
    if (to.forward(frame, mid, isFirst ? new FirstWritten(mid) : this)) {
      onWritten(to, bytes);
      if (isFirst) {
        relay.calls().set(mid, CallTable.SENT);
      }
    }
  }

  /// A frame was written, or dropped with the stream: the client may send as much again.
  @Override
  public void onWritten(WireStream stream, int frameBytes) {
    heldBytes -= frameBytes + WAITING_FRAME_BYTES;
    client.consumed(frameBytes);
  }

  /// Notes for a call that had to wait that the node may have it now.
  private final class FirstWritten implements Written {
    private final int mid;

    FirstWritten(int mid) {
      this.mid = mid;
    }

    @Override
    public void onWritten(WireStream stream, int frameBytes) {
      NodeLink.this.onWritten(stream, frameBytes);
      if (stream.isSending() && relay.calls().linkOf(mid) == number) {
        relay.calls().set(mid, CallTable.SENT);
      }
    }
  }

  void cancel(int mid) {
    done();
    if (node != null) {
      node.passCancel(mid);
    }
  }

  private void done() {
    waiting--;
    leaveIfDone();
  }

  private void leaveIfDone() {
    if (waiting == 0 && isLeaving()) {
      abort(RouterStatus.MOVED);
    }
  }

  void abort(WireStatus why) {
    if (node != null) {
      node.abort(why);
    }
  }

  @Override
  public void onMap(SlotMap map) {
    leaveIfDone();
  }

  @Override
  public void onNewConnection() {
    leaveIfDone();
  }

  /// A part of an answer, for a call of this link or for nobody any more.
  @Override
  public void onFrame(WireStream stream, FrameView frame) {
    int bytes = frame.frameBytes();
    int mid = frame.mid();
    boolean isAwaited =
        frame.type() == FrameType.RESP && relay.calls().linkOf(mid) == number && client.isSending();
    if (!isAwaited) {
      relay.routes().counters().onLateReply();
      stream.consumed(bytes);
      return;
    }
    boolean isLast = !frame.hasMore();
    if (client.forward(frame, mid, (_, n) -> stream.consumed(n))) {
      stream.consumed(bytes);
    }
    if (isLast) {
      relay.answered(mid);
      done();
    } else {
      relay.calls().set(mid, CallTable.REPLYING);
    }
  }

  @Override
  public void onEnd(WireStream stream) {
    stream.abort(WireStatus.of(StatusCode.UNAVAILABLE, "The node ended its stream."));
  }

  @Override
  public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
    upstream.left(this);
    relay.onLinkClosed(this, status);
  }
}
