package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import org.jspecify.annotations.Nullable;

/// The receiving side of one stream: credit, putting messages together, and handing them over.
///
/// Owned by the connection's event loop.
final class StreamReceiver {
  private final WireStream stream;
  private final WireConnection connection;
  private final ReceiveCredit credit;
  private final @Nullable FrameHandler frames;
  private @Nullable Assembly assembly;
  private boolean isManual;
  private long heldBytes;
  private int lastCallMid;
  private boolean refusesCalls;
  private boolean isMidMessage;
  private long lastSeenBytes;
  private int stuckIntervals;

  StreamReceiver(WireStream stream, WireConnection connection, StreamHandler handler) {
    this.stream = stream;
    this.connection = connection;
    long announced = connection.context().limits().streamWindow().bytes();
    this.credit = new ReceiveCredit(connection.path().streamBytes(), announced);
    this.frames = handler instanceof FrameHandler raw ? raw : null;
    this.isManual = frames != null;
  }

  void consumeByHand() {
    isManual = true;
  }

  /// A MSG or RESP frame came while the peer may send.
  ///
  /// @throws WeirException CREDIT_EXCEEDED, or for a message that is not allowed
  void onFrame(FrameView frame) {
    count(frame);
    isMidMessage = frame.hasMore();
    if (isRefusedCall(frame)) {
      giveBack(frame.frameBytes());
    } else if (frames != null) {
      hold(frame.frameBytes());
      frames.onFrame(stream, frame);
    } else if (assembly == null && !frame.hasMore()) {
      deliverSingle(frame);
    } else {
      assemble(frame);
    }
  }

  /// Keeps the number of the last call that is served, and finds those behind it once this end has
  /// named it.
  private boolean isRefusedCall(FrameView frame) {
    int mid = frame.mid();
    if (mid == 0 || frame.type() != FrameType.MSG || frame.isOneWay() || mid - lastCallMid <= 0) {
      return false;
    }
    if (!refusesCalls) {
      lastCallMid = mid;
    }
    return refusesCalls;
  }

  /// Drops every call that begins from now on.
  ///
  /// @return the last one that is served; 0 when none was
  int refuseFurtherCalls() {
    refusesCalls = true;
    return lastCallMid;
  }

  private void count(FrameView frame) {
    if (!credit.onReceived(frame.frameBytes())) {
      throw new WeirException(
          ErrorCode.CREDIT_EXCEEDED,
          "Stream "
              + frame.sid()
              + " sent "
              + credit.received()
              + " bytes, expected "
              + credit.limit()
              + " at most.");
    }
  }

  /// A frame came for which nobody is there any more, while the stream still has its sid.
  void onDropped(FrameView frame) {
    count(frame);
    giveBack(frame.frameBytes());
  }

  private void deliverSingle(FrameView frame) {
    MessageView view = connection.view();
    view.set(frame);
    int cost = frame.frameBytes();
    boolean isKept = isManual && frame.type() == FrameType.MSG;
    if (isKept) {
      hold(cost);
    }
    stream.deliver(frame.type(), view);
    view.clear();
    if (!isKept) {
      giveBack(cost);
    }
  }

  private void assemble(FrameView frame) {
    Assembly parts = assembly;
    if (parts == null) {
      if (frame.total() > connection.maxMessageBytes()) {
        refuse(frame.total());
        return;
      }
      parts = new Assembly(frame, connection.allocator());
      assembly = parts;
      connection.onAssembling(1);
    }
    hold(frame.frameBytes());
    boolean isWhole = parts.add(frame);
    if (!isWhole) {
      credit.onPart(parts.missingBytes(), connection.context().limits().frame().intBytes());
    } else {
      assembly = null;
      connection.onAssembling(-1);
      deliverWhole(parts);
    }
    grantIfDue();
  }

  private void refuse(long totalBytes) {
    WeirException fault =
        new WeirException(
            ErrorCode.TOO_LARGE,
            "A message of "
                + totalBytes
                + " bytes came, expected "
                + connection.maxMessageBytes()
                + " at most.");
    stream.abort(
        WireStatus.of(
            StatusCode.RESOURCE_EXHAUSTED, fault.code().label() + ": " + fault.getMessage()));
  }

  private void deliverWhole(Assembly parts) {
    MessageView message = parts.message();
    long cost = message.creditBytes();
    boolean isKept = isManual && parts.type() == FrameType.MSG;
    try {
      stream.deliver(parts.type(), message);
    } finally {
      parts.release();
    }
    if (!isKept) {
      letGo(cost);
      giveBack(cost);
    }
  }

  /// The owner no longer holds so many bytes of what it was given.
  void consumed(long bytes) {
    giveBack(letGo(bytes));
  }

  private void hold(long bytes) {
    heldBytes += bytes;
    connection.hold(bytes);
  }

  /// Counts bytes as no longer held, as far as they were.
  private long letGo(long bytes) {
    long held = Math.min(bytes, heldBytes);
    heldBytes -= held;
    connection.hold(-held);
    return held;
  }

  private void giveBack(long bytes) {
    credit.onConsumed(bytes);
    grantIfDue();
  }

  /// Tells the peer of its new limit if that is worth a frame.
  void grantIfDue() {
    if (credit.isGrantDue() && stream.state().canReceive() && connection.mayGrant()) {
      connection.outbound().writer().number(FrameType.CREDIT, stream.sid(), 0, credit.grant());
      connection.flushSoon();
    }
  }

  /// An interval is over: whether the peer has begun a message and, with credit to go on, has sent
  /// nothing of it for so many intervals.
  boolean isStuck(int intervals) {
    boolean hasMoved = credit.received() != lastSeenBytes;
    lastSeenBytes = credit.received();
    boolean isHeld = isMidMessage && credit.room() >= Keepalive.ROOM_BYTES;
    stuckIntervals = isHeld && !hasMoved ? stuckIntervals + 1 : 0;
    return stuckIntervals >= intervals;
  }

  /// Takes another window.
  void resize(long window) {
    credit.resize(window);
    if (stream.isOpened()) {
      grantIfDue();
    }
  }

  /// The limit as it was last told.
  long limit() {
    return credit.limit();
  }

  /// The stream is over: nothing of it is held any more.
  void release() {
    if (assembly != null) {
      connection.onAssembling(-1);
      assembly.release();
      assembly = null;
    }
    letGo(heldBytes);
  }
}
