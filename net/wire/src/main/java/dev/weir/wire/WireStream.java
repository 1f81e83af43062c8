package dev.weir.wire;

import dev.weir.base.Checks;
import dev.weir.flow.Machine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/// One stream of a connection: messages in both directions, and calls that are answered in any
/// order. It costs one OPEN, so calls between two services share a long-lived one.
///
/// Sending methods may be called by any thread, and what one thread sends stays in its order; they
/// never block. On the connection's event loop they write at once, without allocating. A taken
/// `ByteBuf` is released by the stream.
///
/// Each end may send until it says [#end] or [#finish]. The stream is over when both have, when one
/// has finished with a status, or when either gives it up.
public final class WireStream {
  private final WireConnection connection;
  private final OpenRequest request;
  private final StreamSender sender;
  private final Machine<StreamMachine.State, StreamMachine.Event, StreamMachine.Action> machine;
  private final StreamReadiness readiness;
  private StreamHandler handler;
  private StreamReceiver receiver;
  private @Nullable StreamCalls calls;
  private WireStatus localStatus = WireStatus.OK;
  private @Nullable WireStatus finalStatus;
  private int sid;

  /// @param handler who owns it; for a peer's stream the one that refuses, until it is accepted
  WireStream(WireConnection connection, OpenRequest request, StreamHandler handler) {
    this.connection = connection;
    this.request = request;
    this.handler = handler;
    this.sender = new StreamSender(this, connection.outbound(), request.priority());
    this.machine = connection.context().counters().machine();
    this.readiness = new StreamReadiness(this, connection.outbound());
    this.receiver = new StreamReceiver(this, connection, handler);
  }

  public OpenRequest request() {
    return request;
  }

  public WireConnection connection() {
    return connection;
  }

  /// The stream's number on its connection; 0 before it is opened there.
  public int sid() {
    return sid;
  }

  /// Sends a message that is no call.
  public Offer send(ByteBuf body) {
    return offer(FrameType.MSG, 0, FrameHeader.ONEWAY, body, 0);
  }

  /// Sends a numbered message that is no call.
  ///
  /// @param mid not 0
  public Offer send(int mid, ByteBuf body) {
    return offer(FrameType.MSG, mid, FrameHeader.ONEWAY, body, 0);
  }

  /// Sends a call; its one end is told to `reply`.
  public Offer call(ByteBuf body, ReplyHandler reply) {
    return connection.submissions().call(this, body, PendingCalls.NEVER, 0, 0, reply);
  }

  /// Sends a call with a deadline.
  ///
  /// @param timeoutMicros what there is to answer, 0 to 2^32 - 1; -1 for no deadline
  public Offer call(ByteBuf body, long timeoutMicros, ReplyHandler reply) {
    return connection.submissions().call(this, body, deadlineNanos(timeoutMicros), 0, 0, reply);
  }

  /// Sends a call that is to be routed by the hash of a key.
  ///
  /// @param timeoutMicros what there is to answer, 0 to 2^32 - 1; -1 for no deadline
  public Offer call(ByteBuf body, long route, long timeoutMicros, ReplyHandler reply) {
    long deadlineNanos = deadlineNanos(timeoutMicros);
    return connection
        .submissions()
        .call(this, body, deadlineNanos, Outgoing.HAS_ROUTE, route, reply);
  }

  /// Sends a call with bytes that stay the caller's: up to 4 KiB are copied, more may be shared
  /// until they are sent, so they must not change. Only on the connection's loop.
  ///
  /// @param timeoutMicros what there is to answer, 0 to 2^32 - 1; -1 for no deadline
  public Offer call(ByteBuf source, int index, int length, long timeoutMicros, ReplyHandler reply) {
    return call(source, index, length, deadlineNanos(timeoutMicros), 0, 0, reply);
  }

  /// Sends a call that is to be routed by the hash of a key, with bytes that stay the caller's as
  /// above. Only on the connection's loop.
  ///
  /// @param timeoutMicros what there is to answer, 0 to 2^32 - 1; -1 for no deadline
  public Offer call(
      ByteBuf source, int index, int length, long route, long timeoutMicros, ReplyHandler reply) {
    long deadlineNanos = deadlineNanos(timeoutMicros);
    return call(source, index, length, deadlineNanos, Outgoing.HAS_ROUTE, route, reply);
  }

  private Offer call(
      ByteBuf source,
      int index,
      int length,
      long deadlineNanos,
      int flags,
      long route,
      ReplyHandler reply) {
    if (!connection.outbound().hasRoomFor(length)) {
      return connection.submissions().refused(this, length);
    }
    calls().call(source, index, length, deadlineNanos, flags, route, reply);
    connection.turn().flushSoon();
    return sender.isEmpty() || isReady() ? Offer.TAKEN : Offer.QUEUED;
  }

  private long deadlineNanos(long timeoutMicros) {
    Checks.range("timeoutMicros", timeoutMicros, -1, OpenRequest.MAX_DEADLINE_MICROS);
    return timeoutMicros < 0
        ? PendingCalls.NEVER
        : connection.outbound().nowNanos() + timeoutMicros * 1_000;
  }

  /// Answers a call.
  public Offer reply(int mid, ByteBuf body) {
    return offer(FrameType.RESP, mid, 0, body, 0);
  }

  /// Answers a call with bytes that stay the caller's: up to 4 KiB are copied, more may be shared
  /// until they are sent, so they must not change. Only on the connection's loop.
  public void reply(int mid, ByteBuf source, int index, int length) {
    if (state().canSend()
        && sender.writeNow(FrameType.RESP, mid, 0, source, index, length, PendingCalls.NEVER, 0)) {
      connection.turn().flushSoon();
      return;
    }
    ByteBuf copy = connection.outbound().copy(source, index, length);
    connection.submissions().message(this, FrameType.RESP, mid, 0, copy, 0);
  }

  /// Says how a call failed; queued in any case.
  public void reply(int mid, WireStatus failure) {
    ByteBuf detail =
        Unpooled.copiedBuffer(failure.shortDetail(), java.nio.charset.StandardCharsets.UTF_8);
    connection.onLoop(() -> failNow(mid, failure, detail));
  }

  private void failNow(int mid, WireStatus failure, ByteBuf detail) {
    if (state().canSend()) {
      sender.failure(mid, failure, detail);
    } else {
      detail.release();
    }
  }

  private Offer offer(FrameType type, int mid, int flags, ByteBuf body, long route) {
    return connection.submissions().offer(this, type, mid, flags, body, route);
  }

  /// Passes a frame of another stream on, with this stream's number and `mid`: neither extension
  /// block nor body is decoded, and a large body is not copied. Only its deadline is shortened by
  /// the time that it waits here. Only on the connection's loop, and frames of one message must not
  /// be mixed with those of another.
  ///
  /// @param written is told if the frame could not be written at once
  /// @return whether it was written at once; else it waits, and its sender is to be given no credit
  ///   for it before `written` is told
  public boolean forward(FrameView frame, int mid, Written written) {
    return state().canSend() && FrameRelay.forward(frame, this, receiver.limit(), mid, written);
  }

  /// The peer needs not answer the call any more; its handler is told CANCELLED unless the answer
  /// comes first.
  public void cancel(int mid) {
    connection.onLoop(() -> calls().cancel(mid));
  }

  /// Passes on that the peer needs not answer a call which was [#forward]ed.
  public void passCancel(int mid) {
    connection.onLoop(() -> {
      if (isOpened() && state().canSend()) {
        calls().writeCancel(mid);
      }
    });
  }

  /// Whether this end may still send. Only on the connection's loop.
  public boolean isSending() {
    return state().canSend();
  }

  /// Accepts the peer's stream with metadata, before the first message.
  public void accept(Metadata metadata) {
    connection.onLoop(() -> {
      if (state().canSend() && isOpened()) {
        ControlFrames.accept(connection.outbound(), sid, metadata);
      }
    });
  }

  /// Nothing more will be sent from here; what is queued still is.
  public void end() {
    connection.onLoop(() -> step(StreamMachine.Event.LOCAL_END, WireStatus.OK, Metadata.EMPTY));
  }

  /// Ends the stream with a status, behind what is queued.
  public void finish(WireStatus status, Metadata trailers) {
    connection.onLoop(() -> step(StreamMachine.Event.LOCAL_FINISH, status, trailers));
  }

  /// Gives the stream up at once, in both directions; what is queued is dropped.
  public void abort(WireStatus status) {
    connection.onLoop(() -> step(StreamMachine.Event.LOCAL_ABORT, status, Metadata.EMPTY));
  }

  /// Whether the owner should go on sending. Seen false, [StreamHandler#onReady] follows.
  public boolean isReady() {
    return readiness.isReady();
  }

  /// Credit is given back by [#consumed], message by message, instead of when `onMessage` returns.
  /// Only on the connection's loop, before the first message.
  public void consumeByHand() {
    receiver.consumeByHand();
  }

  /// The owner holds so many bytes less of what it was given: [MessageView#creditBytes].
  public void consumed(long bytes) {
    connection.submissions().consumed(this, bytes);
  }

  /// Bytes that wait here to be sent.
  public long queuedBytes() {
    return sender.queuedBytes();
  }

  /// Bytes of bodies that have come so far, parts of messages that are not whole yet included: what
  /// tells a slow path from a dead one.
  public long receivedBodyBytes() {
    return receiver.bodyBytes();
  }

  // What follows runs on the connection's event loop.

  StreamMachine.State state() {
    return machine.state();
  }

  StreamSender sender() {
    return sender;
  }

  StreamReceiver receiver() {
    return receiver;
  }

  StreamReadiness readiness() {
    return readiness;
  }

  StreamHandler handler() {
    return handler;
  }

  StreamCalls calls() {
    StreamCalls known = calls;
    if (known == null) {
      known = new StreamCalls(this);
      calls = known;
    }
    return known;
  }

  boolean isOpened() {
    return sid != 0;
  }

  /// Gets its number and lets what waits go.
  void opened(int newSid, long limit) {
    sid = newSid;
    machine.on(StreamMachine.Event.OPENED);
    sender.credit().raise(limit);
    sender.wake();
  }

  /// A peer's stream found its owner, who may have ended it at once, or a flush of his the
  /// connection.
  void owned(StreamHandler owner) {
    handler = owner;
    WireStatus known = finalStatus;
    if (known != null) {
      owner.onClosed(this, known, Metadata.EMPTY);
      return;
    }
    if (owner instanceof FrameHandler) {
      receiver = new StreamReceiver(this, connection, owner);
    }
    receiver.grantIfDue();
  }

  void onFrame(FrameView frame) {
    if (state().canReceive()) {
      receiver.onFrame(frame);
      if (frame.isEnd()) {
        step(StreamMachine.Event.REMOTE_END, WireStatus.OK, Metadata.EMPTY);
      }
    } else {
      receiver.onDropped(frame);
    }
  }

  void deliver(FrameType type, MessageView message) {
    try {
      if (type == FrameType.RESP) {
        calls().onReply(message);
      } else if (message.isCall() && message.deadlineMicros() == 0) {
        reply(
            message.mid(),
            WireStatus.unprocessed(StatusCode.DEADLINE_EXCEEDED, "The call came too late."));
      } else {
        handler.onMessage(this, message);
      }
    } catch (RuntimeException e) {
      connection.owner().onFault(this, e);
    }
  }

  /// Takes an event through the table and does what the cell says.
  void step(StreamMachine.Event event, WireStatus status, Metadata trailers) {
    switch (machine.on(event)) {
      case IGNORE, BEGIN -> {}
      case QUEUE_END -> {
        boolean isFinish = event == StreamMachine.Event.LOCAL_FINISH;
        localStatus = status;
        sender.end(isFinish ? status : null, trailers);
      }
      case TELL_END -> {
        handler.onEnd(this);
        onPopped();
      }
      case ABORT -> {
        ControlFrames.abort(connection.outbound(), sid, status);
        connection.turn().flushSoon();
        close(status, trailers);
      }
      case CLOSE -> close(event == StreamMachine.Event.DRAINED ? localStatus : status, trailers);
      case REFUSE -> connection.life().refuse("Stream " + sid + " was ended twice.");
    }
  }

  /// Something of the queue was sent.
  void onPopped() {
    if (sender.isEmpty() && state() == StreamMachine.State.DRAINING) {
      step(StreamMachine.Event.DRAINED, WireStatus.OK, Metadata.EMPTY);
    }
    readiness.check();
  }

  /// How the stream ended, or why it takes no more calls.
  WireStatus finalStatus() {
    WireStatus known = finalStatus;
    return known == null || known.isOk()
        ? WireStatus.unprocessed(StatusCode.UNAVAILABLE, "The stream takes no more calls.")
        : known;
  }

  private void close(WireStatus status, Metadata trailers) {
    finalStatus = status;
    connection.forget(this);
    receiver.release();
    sender.clear();
    if (calls != null) {
      calls.failAll(status);
    }
    handler.onClosed(this, status, trailers);
  }
}
