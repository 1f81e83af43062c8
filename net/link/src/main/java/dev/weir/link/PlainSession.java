package dev.weir.link;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.flow.Machine;
import dev.weir.flow.PublishedReceiver;
import dev.weir.message.Message;
import dev.weir.proto.AckMessage;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import dev.weir.proto.ServiceMessage;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/// A stream of single messages, as published (version 1) or with a topic of its own (version 2).
///
///     client ─▶ waiting (at most `queueCapacity`) ─▶ store (as many again) ─▶ acked by id
///
/// Such a client knows no credit. By default a full queue stops reading, so that gRPC's own flow
/// control holds the client back: requests are asked for only as far as there is room, and nothing is
/// dropped. With DROP_OLDEST reading goes on and [PublishedReceiver] makes room. Either way the
/// client is told once for each time that the queue fills.
///
/// Ids are acked once their message is durable, all of a commit in one response. A message that is
/// refused or not stored is told as text; it is never acked.
///
/// Owned by the event loop of its connection; the store's outcomes are handed over to it.
final class PlainSession implements RequestHandler {
  /// Requests asked for at once; bounds what arrives beyond the bytes of the share.
  private static final int MAX_REQUESTED = 16;

  private static final int MAX_INVALID_IN_A_ROW = 3;

  private final ServerContext context;
  private final Outbound out;
  private final EventExecutor loop;
  private final int version;
  private final int capacity;
  private final boolean isDropping;
  private final Machine<PublishedReceiver.State, PublishedReceiver.Event, PublishedReceiver.Action>
      machine;
  private final ArrayDeque<PlainMessage> waiting = new ArrayDeque<>();
  private final Queue<PlainMessage> outcomes = new MpscUnboundedVarHandleArrayQueue<>(256);
  private final AtomicBoolean isTaskQueued = new AtomicBoolean();
  private AckMessage.Builder acks = AckMessage.newBuilder();
  private int requestedCount;
  private int storingCount;
  private int invalidInARow;
  private long waitingBytes;
  private long dropped;
  private String refusal = "";
  private boolean isFullTold;
  private boolean isRoomWanted;
  private boolean isEnding;
  private boolean isClosed;
  private long endNanos;
  private boolean hasEndTime;

  /// The stream's first request was already asked for; it comes next.
  PlainSession(ServerContext context, Outbound out, EventExecutor loop, int version) {
    this.context = context;
    this.out = out;
    this.loop = loop;
    this.version = version;
    this.capacity = context.config().queueCapacity();
    this.isDropping = context.config().overflow() == LinkServerConfig.Overflow.DROP_OLDEST;
    this.machine =
        new Machine<>(
            PublishedReceiver.TABLE,
            context.flow().publishedReceiver(),
            PublishedReceiver.State.ROOM);
    this.requestedCount = 1;
    context.budget().join();
    context.counters().plainStreams.increment();
  }

  @Override
  public void onRequest(Request request) {
    requestedCount--;
    if (isClosed) {
      return;
    }
    if (request.getVersion() != version) {
      end(new WeirException(ErrorCode.MALFORMED, "The version changed within the stream."));
      return;
    }
    context.counters().messages.increment();
    try {
      Message message = PlainMessages.decode(request, context.config());
      invalidInARow = 0;
      onMessage(new PlainMessage(this, request.getMessageId(), message));
    } catch (WeirException e) {
      onInvalid(e);
    }
    forward();
    settle();
  }

  private void onInvalid(WeirException cause) {
    context.counters().invalid.increment();
    refusal = cause.explanation();
    if (++invalidInARow == MAX_INVALID_IN_A_ROW) {
      end(cause);
    }
  }

  private void onMessage(PlainMessage message) {
    switch (machine.on(PublishedReceiver.Event.RECEIVED)) {
      case ENQUEUE -> enqueue(message);
      case DROP_OLDEST_AND_TELL -> {
        PlainMessage oldest = waiting.poll();
        if (oldest != null) {
          release(oldest);
        }
        dropped++;
        isFullTold = false;
        context.counters().dropped.increment();
        enqueue(message);
      }
      case FORWARD -> throw new IllegalStateException("a message that came was forwarded");
    }
    if (machine.mustLand()) {
      machine.land(landing());
    }
  }

  private void enqueue(PlainMessage message) {
    waiting.add(message);
    waitingBytes += message.weight();
    context.budget().onQueued(message.weight());
  }

  private void release(PlainMessage message) {
    waitingBytes -= message.weight();
    context.budget().onReleased(message.weight());
  }

  private PublishedReceiver.State landing() {
    return waiting.size() >= capacity ? PublishedReceiver.State.FULL : PublishedReceiver.State.ROOM;
  }

  /// Hands the oldest messages to the store, as many as it takes.
  private void forward() {
    if (waiting.isEmpty() || !hasStoreRoom()) {
      return;
    }
    machine.on(PublishedReceiver.Event.STORAGE_READY);
    PlainMessage message = waiting.peek();
    while (message != null && hasStoreRoom()) {
      storingCount++;
      if (!context.store().offer(message.message(), message)) {
        storingCount--;
        wantRoom();
        break;
      }
      waiting.poll();
      message = waiting.peek();
    }
    if (machine.mustLand()) {
      machine.land(landing());
    }
  }

  /// Bounds what is unacked, and the ids of acks that the client does not read.
  private boolean hasStoreRoom() {
    return storingCount + acks.getMessageIdsCount() < capacity;
  }

  private void wantRoom() {
    if (!isRoomWanted) {
      isRoomWanted = true;
      context
          .store()
          .onRoom(() ->
              Loops.execute(
                  loop,
                  () -> {
                    isRoomWanted = false;
                    proceed();
                  }));
    }
  }

  private void proceed() {
    if (!isClosed) {
      if (out.isReady()) {
        sendAcks(); // First: ids that wait take up room.
      }
      forward();
      settle();
    }
  }

  /// An outcome of the store; any thread.
  void onOutcome(PlainMessage message) {
    outcomes.add(message);
    if (!isTaskQueued.getAndSet(true)) {
      Loops.execute(loop, this::takeOutcomes);
    }
  }

  private void takeOutcomes() {
    isTaskQueued.set(false);
    PlainMessage message = outcomes.poll();
    while (message != null) {
      finish(message);
      message = outcomes.poll();
    }
    proceed();
  }

  private void finish(PlainMessage message) {
    storingCount--;
    release(message);
    WeirException failure = message.failure();
    if (failure == null) {
      context.counters().storedMessages.increment();
      acks.addMessageIds(message.id());
    } else {
      context.counters().invalid.increment();
      refusal = failure.explanation();
    }
  }

  /// Sends acks and news, asks for more, and ends when all is done.
  private void settle() {
    if (isClosed) {
      return;
    }
    if (out.isReady()) {
      sendAcks();
      tell();
    }
    if (!isEnding) {
      askForMore();
    } else if (waiting.isEmpty() && storingCount == 0 && acks.getMessageIdsCount() == 0) {
      out.end();
      close();
    }
  }

  private void sendAcks() {
    if (acks.getMessageIdsCount() > 0) {
      out.send(Response.newBuilder().setAck(acks), version);
      acks = AckMessage.newBuilder();
    }
  }

  private void tell() {
    boolean isFull = machine.state() == PublishedReceiver.State.FULL || !hasByteRoom();
    if (isFull && !isFullTold) {
      isFullTold = true;
      send("The queue is full: it holds " + waiting.size() + " messages.");
    } else if (!isFull) {
      isFullTold = false;
    }
    if (!refusal.isEmpty()) {
      send("A message was not stored. " + refusal);
      refusal = "";
    }
  }

  private void send(String text) {
    ServiceMessage.Builder info =
        ServiceMessage.newBuilder().setQueueCapacity(capacity).setDropped(dropped).setText(text);
    out.send(Response.newBuilder().setInfo(info), version);
  }

  private boolean hasByteRoom() {
    return waitingBytes < context.budget().shareBytes();
  }

  private void askForMore() {
    int room = isDropping ? MAX_REQUESTED : roomCount();
    int more = Math.min(room, MAX_REQUESTED) - requestedCount;
    if (more > 0 && (more >= MAX_REQUESTED / 2 || requestedCount == 0)) {
      requestedCount += more;
      out.request(more);
    }
  }

  /// Messages that may come without exceeding the capacity, nor the share by more than one.
  private int roomCount() {
    if (!hasByteRoom()) {
      return 0;
    }
    long leftBytes = context.budget().shareBytes() - waitingBytes;
    long byBytes = Math.max(1, leftBytes / context.config().maxMessage().bytes());
    return (int) Math.min(capacity - waiting.size(), byBytes);
  }

  @Override
  public void onReady() {
    proceed();
  }

  @Override
  public void onHalfClosed() {
    isEnding = true;
    settle();
  }

  @Override
  public void onGone() {
    close();
  }

  @Override
  public void onTick(long nowNanos) {
    proceed();
    if (!isClosed && hasEndTime && nowNanos - endNanos >= 0) {
      out.end(new WeirException(ErrorCode.CONNECTION_LOST, "The node shuts down."));
      close();
    }
  }

  @Override
  public void onDrain(long deadlineNanos) {
    isEnding = true;
    hasEndTime = true;
    endNanos = deadlineNanos;
    settle();
  }

  private void end(WeirException cause) {
    sendAcks();
    out.end(cause);
    close();
  }

  private void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    waiting.forEach(this::release);
    waiting.clear();
    context.budget().leave();
    context.counters().plainStreams.decrement();
  }
}
