package dev.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The sending side of one stream: credit, the queue of what waits, and the cutting of messages
/// into frames. What may go at once is written without touching the queue.
///
/// Owned by the connection's event loop, but for [#queuedBytes].
final class StreamSender {
  /// Cutting a message into less than this, because credit is short, would cost more frames than
  /// waiting for credit does.
  private static final int MIN_PART_BYTES = 1 << 10;

  private final WireStream stream;
  private final Outbound outbound;
  private final Priority priority;
  private final SendCredit credit = new SendCredit(WireLimits.FIRST_CREDIT_BYTES);
  private final AtomicLong queuedBytes = new AtomicLong();
  private @Nullable Outgoing first;
  private @Nullable Outgoing last;
  private int lastCallMid;
  private boolean isAwaitingLease;

  /// Fields of [SendScheduler].
  boolean isScheduled;

  int deficitBytes = 1;

  StreamSender(WireStream stream, Outbound outbound, Priority priority) {
    this.stream = stream;
    this.outbound = outbound;
    this.priority = priority;
  }

  Priority priority() {
    return priority;
  }

  SendCredit credit() {
    return credit;
  }

  boolean isEmpty() {
    return first == null;
  }

  /// Sends a message now if everything allows it, else queues it.
  ///
  /// @param flags of the header, and those of [Outgoing]
  /// @param body read from its reader index to its end; released
  /// @param deadlineNanos on the clock's monotonic scale, or [PendingCalls#NEVER]
  /// @return whether it was written at once
  boolean message(
      FrameType type, int mid, int flags, ByteBuf body, long deadlineNanos, long route) {
    int length = body.readableBytes();
    if (writeNow(type, mid, flags, body, body.readerIndex(), length, deadlineNanos, route)) {
      body.release();
      return true;
    }
    enqueue(type, mid, flags, body, deadlineNanos, route);
    return false;
  }

  /// Writes a whole message in one frame if nothing waits and credit allows it.
  boolean writeNow(
      FrameType type,
      int mid,
      int flags,
      ByteBuf body,
      int index,
      int length,
      long deadlineNanos,
      long route) {
    if (first != null || !stream.isOpened() || !outbound.isIdle() || !isLeased(type, mid, flags)) {
      return false;
    }
    FrameWriter writer = outbound.writer();
    boolean isPlain = deadlineNanos == PendingCalls.NEVER && (flags & Outgoing.HAS_ROUTE) == 0;
    ExtFields ext = isPlain ? writer.ext() : fill(writer.ext(), flags, deadlineNanos, route);
    int len = ext.encodedBytes() + length + outbound.messages().trailerBytes();
    int cost = FrameHeader.BYTES + len;
    if (len > outbound.maxFrameBytes() || cost > credit.room() || cost > outbound.credit().room()) {
      return false;
    }
    spend(type, mid, flags, cost);
    int bits = flags | priority.flags();
    outbound.messages().write(type, bits, stream.sid(), mid, ext, body, index, length);
    return true;
  }

  private ExtFields fill(ExtFields ext, int flags, long deadlineNanos, long route) {
    if (deadlineNanos != PendingCalls.NEVER) {
      ext.deadlineMicros((deadlineNanos - outbound.nowNanos()) / 1_000);
    }
    if ((flags & Outgoing.HAS_ROUTE) != 0) {
      ext.route(route);
    }
    return ext;
  }

  private void spend(FrameType type, int mid, int flags, int cost) {
    credit.onSent(cost);
    outbound.credit().onSent(cost);
    if (isOfCall(type, mid, flags)) {
      SendLease lease = outbound.lease();
      if (mid - lastCallMid > 0) {
        lastCallMid = mid;
        if (lease.isInForce()) {
          lease.onBegun(outbound.nowNanos());
        }
      }
      if ((flags & FrameHeader.MORE) == 0) {
        lease.onSent();
      }
    }
  }

  private static boolean isOfCall(FrameType type, int mid, int flags) {
    return type == FrameType.MSG && mid != 0 && (flags & FrameHeader.ONEWAY) == 0;
  }

  /// Whether the server's lease allows this frame, as it does everything but the beginning of a
  /// call.
  private boolean isLeased(FrameType type, int mid, int flags) {
    SendLease lease = outbound.lease();
    return !lease.isInForce()
        || !isOfCall(type, mid, flags)
        || mid - lastCallMid <= 0
        || lease.hasRoom(outbound.nowNanos());
  }

  /// Waits for another lease.
  private int unleased() {
    if (!isAwaitingLease) {
      isAwaitingLease = true;
      stream.connection().context().counters().onLeaseWait();
      outbound.awaitLease(this);
    }
    return 0;
  }

  void onLease() {
    isAwaitingLease = false;
    wake();
  }

  private void enqueue(
      FrameType type, int mid, int flags, ByteBuf body, long deadlineNanos, long route) {
    Outgoing node = node(type, mid, flags, body);
    node.totalBytes = body.readableBytes();
    node.deadlineNanos = deadlineNanos;
    node.route = route;
    append(node);
    wake();
  }

  private Outgoing node(FrameType type, int mid, int flags, ByteBuf body) {
    Outgoing node = outbound.take();
    node.type = type;
    node.mid = mid;
    node.flags = flags;
    node.body = body;
    return node;
  }

  /// Passes on a frame, now if everything allows it: as it is, but for a checksum or compression
  /// that the peer does not take.
  ///
  /// @param flags what of the frame's is passed on, and [Outgoing#IS_PACKED]
  /// @return whether it was written at once
  boolean raw(FrameType type, int mid, int flags, FrameView frame, Written written) {
    int dropped = frame.hasCrc() && (flags & FrameHeader.CRC) == 0 ? FrameCrc.BYTES : 0;
    int len = frame.len() - dropped;
    int cost = frame.frameBytes() - dropped;
    if (first == null
        && (flags & Outgoing.IS_PACKED) == 0
        && stream.isOpened()
        && outbound.isIdle()
        && isLeased(type, mid, flags)
        && cost <= credit.room()
        && cost <= outbound.credit().room()) {
      spend(type, mid, flags, cost);
      int bits = flags | priority.flags();
      FrameWriter writer = outbound.writer();
      writer.frame(type, bits, stream.sid(), mid, frame.buffer(), frame.payloadIndex(), len);
      return true;
    }
    Outgoing node = node(type, mid, flags | Outgoing.IS_RAW, FrameRelay.payload(frame, len));
    node.totalBytes = cost - FrameHeader.BYTES;
    node.sourceBytes = frame.frameBytes();
    node.deadlineNanos = frame.has(FrameExt.DEADLINE) ? outbound.nowNanos() : PendingCalls.NEVER;
    node.written = written;
    append(node);
    wake();
    return false;
  }

  /// Queues the stream's end, with a status or without.
  void end(@Nullable WireStatus status, Metadata trailers) {
    Outgoing node = outbound.take();
    node.type = FrameType.END;
    node.status = status;
    node.metadata = trailers;
    appendOrWrite(node);
  }

  /// Queues a reply that says how a call failed.
  void failure(int mid, WireStatus status, ByteBuf detail) {
    Outgoing node = outbound.take();
    node.type = FrameType.RESP;
    node.mid = mid;
    node.status = status;
    node.body = detail;
    node.totalBytes = detail.readableBytes();
    appendOrWrite(node);
  }

  /// Queues something and writes it at once if nothing waits anywhere: a queued end would send
  /// every message of the turn the long way.
  private void appendOrWrite(Outgoing node) {
    boolean isDirect = first == null && stream.isOpened() && outbound.isIdle();
    append(node);
    if (!isDirect || writeNext() == 0) {
      wake();
    }
  }

  private void append(Outgoing node) {
    if (last == null) {
      first = node;
    } else {
      last.next = node;
    }
    last = node;
    addQueued(node.totalBytes);
  }

  /// Lets the scheduler know that something may be sent.
  void wake() {
    if (first != null && stream.isOpened()) {
      outbound.scheduler().add(this);
    }
  }

  /// Writes the next frame of what waits.
  ///
  /// @return its bytes; 0 when nothing waits, or credit or a lease is short
  int writeNext() {
    Outgoing node = first;
    if (node == null) {
      return 0;
    }
    if (!node.isMessage()) {
      return writeEnd(node);
    }
    if (!isLeased(node.type, node.mid, node.flags)) {
      return unleased();
    }
    return node.isRaw() ? writeRaw(node) : writePart(node);
  }

  private int writeEnd(Outgoing node) {
    FrameWriter writer = outbound.writer();
    ExtFields ext = writer.ext().metadata(node.metadata);
    WireStatus status = node.status;
    if (status != null) {
      ext.status(status);
    }
    int flags = FrameHeader.END | priority.flags();
    String detail = status == null ? "" : status.shortDetail();
    writer.text(FrameType.END, flags, stream.sid(), 0, ext, detail);
    pop(node);
    return FrameHeader.BYTES;
  }

  private int writeRaw(Outgoing node) {
    int cost = FrameHeader.BYTES + node.totalBytes;
    if (cost > Math.min(credit.room(), outbound.credit().room())) {
      return blocked();
    }
    ByteBuf body = bodyOf(node);
    if (node.deadlineNanos != PendingCalls.NEVER) {
      FrameRelay.age(body, outbound.nowNanos() - node.deadlineNanos);
    }
    int flags = (node.flags & 0xff) | priority.flags();
    if ((node.flags & Outgoing.IS_PACKED) == 0) {
      int index = body.readerIndex();
      int length = body.readableBytes();
      spend(node.type, node.mid, flags, cost);
      outbound.writer().frame(node.type, flags, stream.sid(), node.mid, body, index, length);
    } else if (!outbound.messages().unpacked(node, flags, stream.sid())) {
      stream.connection().context().counters().onDamagedFrame();
      stream.abort(PackedBody.DAMAGED);
      return 0;
    } else {
      spend(node.type, node.mid, flags, cost);
    }
    pop(node);
    return cost;
  }

  private int writePart(Outgoing node) {
    boolean isFirst = node.sentBytes == 0;
    FrameWriter writer = outbound.writer();
    ExtFields ext = writer.ext();
    if (isFirst) {
      fill(ext, node.flags, node.deadlineNanos, node.route);
      if (node.status != null) {
        ext.status(node.status);
      }
    }
    int trailerBytes = outbound.messages().trailerBytes();
    long room =
        Math.min(credit.room(), outbound.credit().room()) - FrameHeader.BYTES - trailerBytes;
    int remaining = node.remainingBytes();
    int bytes = partBytes(room, ext, remaining);
    if (bytes < remaining && isFirst) {
      bytes = partBytes(room, ext.total(node.totalBytes), remaining);
    }
    if (bytes < remaining && bytes < MIN_PART_BYTES) {
      return blocked();
    }
    int cost = FrameHeader.BYTES + ext.encodedBytes() + bytes + trailerBytes;
    int flags = (node.flags & 0xff) | priority.flags();
    flags |= bytes < remaining ? FrameHeader.MORE : 0;
    ByteBuf body = bodyOf(node);
    int index = body.readerIndex() + node.sentBytes;
    spend(node.type, node.mid, flags, cost);
    node.sentBytes += bytes;
    outbound.messages().write(node.type, flags, stream.sid(), node.mid, ext, body, index, bytes);
    if (bytes == remaining) {
      pop(node);
    }
    return cost;
  }

  private int blocked() {
    if (outbound.credit().room() < credit.room()) {
      outbound.park(this);
    }
    return 0;
  }

  /// How much of a message fits the next frame; negative when not even an empty one does.
  private int partBytes(long room, ExtFields ext, int remaining) {
    long most =
        Math.min(room, outbound.maxFrameBytes() - outbound.messages().trailerBytes())
            - ext.encodedBytes();
    return (int) Math.min(most, remaining);
  }

  private static ByteBuf bodyOf(Outgoing node) {
    return node.body == null ? Unpooled.EMPTY_BUFFER : node.body;
  }

  /// Forgets what was written as a whole, unless its own flush ended the connection: then [#clear]
  /// has given it back.
  private void pop(Outgoing node) {
    if (first != node) {
      return;
    }
    first = node.next;
    if (first == null) {
      last = null;
    }
    addQueued(-node.totalBytes);
    Written written = node.written;
    int sourceBytes = node.sourceBytes;
    outbound.giveBack(node);
    if (written != null) {
      written.onWritten(stream, sourceBytes);
    }
    stream.onPopped();
  }

  /// Counts bytes that wait on this stream, or no longer do. Any thread.
  void addQueued(long bytes) {
    queuedBytes.addAndGet(bytes);
    outbound.addQueued(bytes);
  }

  /// Bytes that wait on this stream. Any thread.
  long queuedBytes() {
    return queuedBytes.get();
  }

  /// Drops everything that waits.
  void clear() {
    if (isAwaitingLease) {
      outbound.forgetLeaseOf(this);
    }
    while (first != null) {
      Outgoing node = first;
      first = node.next;
      addQueued(-node.totalBytes);
      Written written = node.written;
      int bytes = node.sourceBytes;
      outbound.giveBack(node);
      if (written != null) {
        written.onWritten(stream, bytes);
      }
    }
    last = null;
  }
}
