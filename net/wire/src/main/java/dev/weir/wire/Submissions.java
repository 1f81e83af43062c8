package dev.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Takes work for a connection from any thread. On the connection's loop it is done at once; from
/// elsewhere it goes through one queue, and the first to find the loop unaware wakes it, so a burst
/// costs one wake-up and one flush.
///
/// The queue is made when another thread first needs it: a connection that only its loop uses has
/// none.
final class Submissions {
  /// Slots of about 72 bytes: 256 KiB for a connection that other threads use.
  private static final int SLOTS = 4096;

  private final WireConnection connection;
  private final Outbound outbound;
  private final EventLoop loop;
  private final AtomicBoolean isAware = new AtomicBoolean();
  private final Runnable drainTask = this::drainAndFlush;
  private volatile @Nullable SubmitQueue queue;

  Submissions(WireConnection connection, Outbound outbound, EventLoop loop) {
    this.connection = connection;
    this.outbound = outbound;
    this.loop = loop;
  }

  /// Sends a message from any thread.
  Offer offer(WireStream stream, FrameType type, int mid, int flags, ByteBuf body, long route) {
    if (loop.inEventLoop()) {
      if (!outbound.hasRoomFor(body.readableBytes())) {
        return refused(stream, body.readableBytes());
      }
      return message(stream, type, mid, flags, body, route);
    }
    SubmitQueue.Slot slot = claim(stream, body.readableBytes());
    if (slot == null) {
      return refused(stream, body.readableBytes());
    }
    slot.work = SubmitQueue.Work.MESSAGE;
    slot.type = type;
    slot.mid = mid;
    slot.flags = flags;
    slot.body = body;
    slot.route = route;
    publish(slot);
    return stream.isReady() ? Offer.TAKEN : Offer.QUEUED;
  }

  /// Sends a message on the loop.
  Offer message(WireStream stream, FrameType type, int mid, int flags, ByteBuf body, long route) {
    if (!stream.state().canSend()) {
      body.release();
      return Offer.CLOSED;
    }
    boolean isWritten = stream.sender().message(type, mid, flags, body, PendingCalls.NEVER, route);
    connection.turn().flushSoon();
    return isWritten || stream.isReady() ? Offer.TAKEN : Offer.QUEUED;
  }

  /// Makes a call from any thread.
  Offer call(
      WireStream stream,
      ByteBuf body,
      long deadlineNanos,
      int flags,
      long route,
      ReplyHandler reply) {
    if (loop.inEventLoop()) {
      if (!outbound.hasRoomFor(body.readableBytes())) {
        return refused(stream, body.readableBytes());
      }
      stream.calls().call(body, deadlineNanos, flags, route, reply);
      connection.turn().flushSoon();
      return stream.sender().isEmpty() || stream.isReady() ? Offer.TAKEN : Offer.QUEUED;
    }
    SubmitQueue.Slot slot = claim(stream, body.readableBytes());
    if (slot == null) {
      return refused(stream, body.readableBytes());
    }
    slot.work = SubmitQueue.Work.CALL;
    slot.flags = flags;
    slot.body = body;
    slot.deadlineNanos = deadlineNanos;
    slot.route = route;
    slot.extra = reply;
    publish(slot);
    return stream.isReady() ? Offer.TAKEN : Offer.QUEUED;
  }

  void consumed(WireStream stream, long bytes) {
    if (loop.inEventLoop()) {
      stream.receiver().consumed(bytes);
      return;
    }
    SubmitQueue.Slot slot = queue().claim();
    if (slot == null) {
      execute(() -> stream.receiver().consumed(bytes));
      return;
    }
    slot.work = SubmitQueue.Work.CONSUMED;
    slot.stream = stream;
    slot.bytes = bytes;
    publish(slot);
  }

  /// Runs a task on the loop, behind everything that this thread gave before.
  void run(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
      connection.turn().flushSoon();
      return;
    }
    SubmitQueue.Slot slot = queue().claim();
    if (slot == null) {
      execute(task);
      return;
    }
    slot.work = SubmitQueue.Work.TASK;
    slot.extra = task;
    publish(slot);
  }

  private SubmitQueue.@Nullable Slot claim(WireStream stream, int bytes) {
    if (!outbound.hasRoomFor(bytes)) {
      return null;
    }
    SubmitQueue.Slot slot = queue().claim();
    if (slot != null) {
      slot.stream = stream;
      slot.bytes = bytes;
      stream.sender().addQueued(bytes);
    }
    return slot;
  }

  /// Says that there is no room; the stream tells when there is.
  Offer refused(WireStream stream, int bytes) {
    stream.readiness().refuse(bytes);
    execute(stream.readiness()::check);
    return Offer.REFUSED;
  }

  private SubmitQueue queue() {
    SubmitQueue known = queue;
    if (known == null) {
      synchronized (isAware) {
        known = queue;
        if (known == null) {
          known = new SubmitQueue(SLOTS);
          queue = known;
        }
      }
    }
    return known;
  }

  private void publish(SubmitQueue.Slot slot) {
    queue().publish(slot);
    if (!isAware.get() && isAware.compareAndSet(false, true)) {
      toLoop(drainTask);
    }
  }

  /// Hands a task over beside the queue, in order all the same.
  private void execute(Runnable task) {
    toLoop(() -> {
      drain();
      task.run();
      connection.turn().flushSoon();
    });
  }

  /// A loop that has ended takes nothing more: its connections are closed, so what is left is only
  /// to be released, by whoever comes.
  private void toLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      synchronized (isAware) {
        task.run();
      }
    }
  }

  private void drainAndFlush() {
    isAware.set(false);
    drain();
    connection.turn().end();
  }

  /// Does everything that is queued. The loop only.
  void drain() {
    SubmitQueue known = queue;
    if (known == null) {
      return;
    }
    for (SubmitQueue.Slot slot = known.peek(); slot != null; slot = known.peek()) {
      perform(known, slot);
    }
  }

  private void perform(SubmitQueue from, SubmitQueue.Slot slot) {
    WireStream stream = slot.stream;
    ByteBuf body = slot.body;
    Object extra = slot.extra;
    FrameType type = slot.type;
    int mid = slot.mid;
    int flags = slot.flags;
    long deadlineNanos = slot.deadlineNanos;
    long route = slot.route;
    long bytes = slot.bytes;
    SubmitQueue.Work work = slot.work;
    from.release(slot);
    if (stream == null) {
      ((Runnable) java.util.Objects.requireNonNull(extra)).run();
      return;
    }
    switch (work) {
      case TASK -> {}
      case CONSUMED -> stream.receiver().consumed(bytes);
      case MESSAGE -> {
        stream.sender().addQueued(-bytes);
        message(stream, type, mid, flags, java.util.Objects.requireNonNull(body), route);
      }
      case CALL -> {
        stream.sender().addQueued(-bytes);
        ReplyHandler reply = (ReplyHandler) java.util.Objects.requireNonNull(extra);
        stream
            .calls()
            .call(java.util.Objects.requireNonNull(body), deadlineNanos, flags, route, reply);
      }
    }
    if (work != SubmitQueue.Work.TASK) {
      stream.readiness().check();
    }
  }
}
