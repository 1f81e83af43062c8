package dev.weir.wire;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What a connection's streams share to send: writer, scheduler, connection credit, and how much
/// waits.
///
/// Owned by the connection's event loop, but for [#queuedBytes].
final class Outbound {
  /// Nodes kept for the next use; more wait only while the peer does not keep up.
  private static final int MAX_SPARES = 1024;

  private final ChannelHandlerContext context;
  private final ConnectionCredit credit;
  private final FrameWriter writer;
  private final MessageWriter messages;
  private final Clock clock;
  private final long maxQueuedBytes;
  private final SendScheduler scheduler = new SendScheduler();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final ArrayDeque<StreamSender> parked = new ArrayDeque<>();
  private final SendLease lease = new SendLease();
  private final ArrayDeque<StreamSender> unleased = new ArrayDeque<>();
  private volatile boolean isSomeoneUnready;
  private int maxFrameBytes = WireLimits.MIN_FRAME_BYTES;
  private @Nullable Outgoing spare;
  private int spares;

  Outbound(
      ChannelHandlerContext context, ConnectionCredit credit, Clock clock, long maxQueuedBytes) {
    this.context = context;
    this.credit = credit;
    this.writer = new FrameWriter(context, credit);
    this.messages = new MessageWriter(writer, context.alloc());
    this.clock = clock;
    this.maxQueuedBytes = maxQueuedBytes;
  }

  FrameWriter writer() {
    return writer;
  }

  /// Writes MSG and RESP as was agreed with the peer.
  MessageWriter messages() {
    return messages;
  }

  SendScheduler scheduler() {
    return scheduler;
  }

  SendCredit credit() {
    return credit.send();
  }

  /// The largest frame that the peer takes, header excluded.
  int maxFrameBytes() {
    return maxFrameBytes;
  }

  void setMaxFrameBytes(int bytes) {
    maxFrameBytes = bytes;
  }

  long nowNanos() {
    return clock.nanoTime();
  }

  /// Whether the network and the connection's credit take another frame.
  boolean isOpenToWrite() {
    return context.channel().isWritable() && credit.send().room() >= FrameHeader.BYTES;
  }

  /// Looks whether the peer reads what is answered: data is not written beyond the water mark, so
  /// more than a queue of unsent bytes are answers.
  ///
  /// @throws WeirException FLOODED
  void checkUnsent() {
    long unsent = context.channel().bytesBeforeWritable();
    if (unsent > maxQueuedBytes) {
      throw new WeirException(
          ErrorCode.FLOODED, "The peer leaves " + unsent + " bytes of answers unread.");
    }
  }

  /// Whether a frame may go now without passing any stream that waits.
  boolean isIdle() {
    return scheduler.isEmpty() && parked.isEmpty() && context.channel().isWritable();
  }

  /// Keeps a stream that only the connection's credit holds back, until that grows.
  void park(StreamSender sender) {
    parked.addLast(sender);
  }

  /// The connection's credit grew.
  void unpark() {
    for (StreamSender s = parked.pollFirst(); s != null; s = parked.pollFirst()) {
      s.wake();
    }
  }

  SendLease lease() {
    return lease;
  }

  /// Keeps a stream whose next call needs another lease. Others may pass it: what they send are no
  /// calls, or they will wait as well.
  void awaitLease(StreamSender sender) {
    unleased.addLast(sender);
  }

  /// A stream is over that waits for a lease.
  void forgetLeaseOf(StreamSender sender) {
    unleased.remove(sender);
  }

  /// The server's next lease came.
  void onLease(long limit, long ttlMillis) {
    lease.renew(limit, ttlMillis);
    for (StreamSender s = unleased.pollFirst(); s != null; s = unleased.pollFirst()) {
      s.onLease();
    }
  }

  /// Lets waiting streams send.
  void run() {
    scheduler.run(this);
  }

  Outgoing take() {
    Outgoing node = spare;
    if (node == null) {
      return new Outgoing();
    }
    spare = node.next;
    node.next = null;
    spares--;
    return node;
  }

  void giveBack(Outgoing node) {
    node.clear();
    if (spares < MAX_SPARES) {
      node.next = spare;
      spare = node;
      spares++;
    }
  }

  /// A copy in a buffer of the connection's, for what cannot be sent at once.
  ByteBuf copy(ByteBuf source, int index, int length) {
    return context.alloc().directBuffer(Math.max(1, length)).writeBytes(source, index, length);
  }

  /// Counts bytes that wait, or no longer do. Any thread.
  void addQueued(long bytes) {
    queuedBytes.addAndGet(bytes);
  }

  /// Whether so many more bytes may wait; one message always may. Any thread.
  boolean hasRoomFor(int bytes) {
    long queued = queuedBytes.get();
    return queued == 0 || queued + bytes <= maxQueuedBytes;
  }

  /// Whether senders should go on. Any thread.
  boolean isBelowHalf() {
    return queuedBytes.get() <= maxQueuedBytes / 2;
  }

  /// A stream's owner waits to be called. Any thread.
  void markUnready() {
    isSomeoneUnready = true;
  }

  /// Whether owners are to be looked at, as so much was sent that those held up by others may go
  /// on. The loop only.
  boolean takeReadyCheck() {
    if (!isSomeoneUnready || !isBelowHalf()) {
      return false;
    }
    isSomeoneUnready = false;
    return true;
  }

  /// Bytes that only wait for the network: the peer has given credit for a part of them at least.
  long sendableBytes() {
    boolean isHeldByCredit = credit.send().room() < FrameHeader.BYTES;
    return scheduler.isEmpty() || isHeldByCredit ? 0 : queuedBytes.get();
  }

  long queuedBytes() {
    return queuedBytes.get();
  }
}
