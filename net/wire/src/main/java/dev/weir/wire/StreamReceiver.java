package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The receiving side of one stream: credit, putting messages together, and handing them over.
///
/// Owned by the connection's event loop.
final class StreamReceiver {
  /// Messages in parts that are put together at once, behind a router: so many of the largest. A
  /// stream of one sender has one at a time.
  private static final int MAX_TOGETHER = 4;

  private final WireStream stream;
  private final WireConnection connection;
  private final ReceiveCredit credit;
  private final @Nullable FrameHandler frames;
  private final @Nullable CallAdmission admission;
  private final AtomicLong bodyBytes = new AtomicLong();
  private final List<Assembly> assemblies = new ArrayList<>(1);
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
    ReceiveLease lease = connection.lease();
    this.admission = lease == null ? null : new CallAdmission(stream, lease);
  }

  /// Bytes of bodies so far, of messages under way too. Any thread.
  long bodyBytes() {
    return bodyBytes.get();
  }

  void consumeByHand() {
    isManual = true;
  }

  /// A MSG or RESP frame came while the peer may send.
  ///
  /// @throws WeirException CREDIT_EXCEEDED, or for a message that is not allowed
  void onFrame(FrameView frame) {
    count(frame);
    bodyBytes.lazySet(bodyBytes.get() + frame.plainBytes());
    isMidMessage = frame.hasMore();
    if (isRefusedCall(frame)) {
      giveBack(frame.frameBytes());
    } else if (frames != null) {
      hold(frame.frameBytes());
      frames.onFrame(stream, frame);
    } else if (assemblies.isEmpty() && !frame.hasMore()) {
      deliverSingle(frame);
    } else {
      assemble(frame, assemblyOf(frame));
    }
  }

  /// Keeps the number of the last call that is served, and finds those behind it once this end has
  /// named it, and those that their client's lease does not allow.
  private boolean isRefusedCall(FrameView frame) {
    if (!frame.isOfCall()) {
      return false;
    }
    boolean isFirst = frame.mid() - lastCallMid > 0;
    if (isFirst && refusesCalls) {
      return true;
    }
    if (isFirst) {
      lastCallMid = frame.mid();
    }
    return admission != null && admission.refuses(frame, isFirst);
  }

  /// Drops every call that begins from now on.
  ///
  /// @return the last one that is served; 0 when none was
  int refuseFurtherCalls() {
    refusesCalls = true;
    return lastCallMid;
  }

  private @Nullable Assembly assemblyOf(FrameView frame) {
    for (int i = 0; i < assemblies.size(); i++) {
      if (assemblies.get(i).isContinuedBy(frame)) {
        return assemblies.get(i);
      }
    }
    return null;
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
    if (!frame.isCompressed()) {
      view.set(frame);
      deliverSet(frame, view);
      return;
    }
    ByteBuf plain = unpacked(frame);
    if (plain == null) {
      return;
    }
    try {
      view.begin(frame);
      view.body(plain, plain.readerIndex(), plain.readableBytes(), frame.frameBytes());
      deliverSet(frame, view);
    } finally {
      plain.release();
    }
  }

  /// The body of a compressed frame; null when it is damaged, which ends the stream: whoever passed
  /// it on as it was is not to blame.
  private @Nullable ByteBuf unpacked(FrameView frame) {
    WireContext context = connection.context();
    ByteBuf plain = context.compression().unpack(frame, connection.allocator());
    if (plain == null) {
      context.counters().onDamagedFrame();
      stream.abort(PackedBody.DAMAGED);
    }
    return plain;
  }

  private void deliverSet(FrameView frame, MessageView view) {
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

  private void assemble(FrameView frame, @Nullable Assembly known) {
    boolean isFailure = !frame.hasMore() && frame.statusBits() != 0;
    if (known != null && isFailure) {
      drop(known);
    }
    if (isFailure || (known == null && !frame.hasMore())) {
      deliverSingle(frame);
      announce(frame.type());
      grantIfDue();
      return;
    }
    Assembly parts = known;
    if (parts == null) {
      parts = begin(frame);
      if (parts == null) {
        return;
      }
    }
    ByteBuf body = frame.isCompressed() ? unpacked(frame) : frame.retainedBody();
    if (body == null) {
      return;
    }
    hold(frame.frameBytes());
    boolean isWhole = parts.add(frame, body);
    if (isWhole) {
      assemblies.remove(parts);
      connection.held().onAssembling(-1);
      deliverWhole(parts);
    }
    announce(frame.type());
    grantIfDue();
  }

  /// Sees to it that what is being put together can be finished.
  private void announce(FrameType type) {
    if (assemblies.isEmpty()) {
      return;
    }
    int frameBytes = connection.context().limits().frame().intBytes();
    if (type == FrameType.RESP) {
      credit.onReplyPart(missingBytes(), frameBytes);
    } else {
      credit.onPart(missingBytes(), frameBytes);
    }
  }

  /// The first part of a message; null when it is refused.
  private @Nullable Assembly begin(FrameView frame) {
    long max = connection.context().limits().message().bytes();
    long sum = Math.max(0, frame.total());
    for (int i = 0; i < assemblies.size(); i++) {
      sum += assemblies.get(i).totalBytes();
    }
    if (frame.total() > max || sum > MAX_TOGETHER * max) {
      refuse(frame.total());
      return null;
    }
    Assembly parts = new Assembly(frame, connection.allocator());
    assemblies.add(parts);
    connection.held().onAssembling(1);
    return parts;
  }

  private long missingBytes() {
    long missing = 0;
    for (int i = 0; i < assemblies.size(); i++) {
      missing += assemblies.get(i).missingBytes();
    }
    return missing;
  }

  /// A failure came in place of the rest of a message.
  private void drop(Assembly parts) {
    assemblies.remove(parts);
    connection.held().onAssembling(-1);
    long cost = parts.creditBytes();
    parts.release();
    giveBack(letGo(cost));
  }

  private void refuse(long totalBytes) {
    WeirException fault =
        new WeirException(
            ErrorCode.TOO_LARGE,
            "A message of "
                + totalBytes
                + " bytes came, expected "
                + connection.context().limits().message().bytes()
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
    connection.held().add(bytes);
  }

  /// Counts bytes as no longer held, as far as they were.
  private long letGo(long bytes) {
    long held = Math.min(bytes, heldBytes);
    heldBytes -= held;
    connection.held().add(-held);
    return held;
  }

  private void giveBack(long bytes) {
    credit.onConsumed(bytes);
    grantIfDue();
  }

  /// Tells the peer of its new limit if that is worth a frame.
  void grantIfDue() {
    if (credit.isGrantDue() && stream.state().canReceive() && connection.held().mayGrant()) {
      connection.outbound().writer().number(FrameType.CREDIT, stream.sid(), 0, credit.grant());
      connection.turn().flushSoon();
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
    for (Assembly parts : assemblies) {
      connection.held().onAssembling(-1);
      parts.release();
    }
    assemblies.clear();
    letGo(heldBytes);
  }
}
