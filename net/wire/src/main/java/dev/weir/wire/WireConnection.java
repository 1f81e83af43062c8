package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection: streams of both ends over one socket.
///
/// Everything happens on one event loop, in turns: read what came, let streams answer, grant
/// credit, let streams send by priority, flush once. The methods that are public may be called by
/// any thread.
///
/// A connection is never used again: its streams, calls and numbers end with it, so nothing late
/// can reach what another connection is for.
public final class WireConnection {
  private static final Logger LOG = LoggerFactory.getLogger(WireConnection.class);

  private final WireContext context;
  private final ConnectionHandler handler;
  private final ChannelHandlerContext channel;
  private final EventLoop loop;
  private final ConnectionCredit credit;
  private final Outbound outbound;
  private final Submissions submissions;
  private final StreamTable streams;
  private final Handshake handshake;
  private final Keepalive keepalive;
  private final HeldBytes held;
  private final FrameReader reader;
  private final MessageView view = new MessageView();
  private final Runnable turnTask = this::endTurn;
  private volatile @Nullable Agreement agreement;
  private volatile boolean isClosed;
  private boolean isReading;
  private boolean isTurnScheduled;
  private @Nullable WireStatus goAway;

  WireConnection(
      WireContext context,
      ConnectionHandler handler,
      ChannelHandlerContext channel,
      boolean isClient,
      long epoch) {
    this.context = context;
    this.handler = handler;
    this.channel = channel;
    this.loop = channel.channel().eventLoop();
    WireLimits limits = context.limits();
    this.credit = new ConnectionCredit(limits.connectionWindow().bytes());
    this.outbound = new Outbound(channel, credit, context.clock(), limits.queue().bytes());
    this.submissions = new Submissions(this, outbound, loop);
    this.streams = new StreamTable(isClient);
    this.handshake = new Handshake(this, context, isClient, epoch);
    this.keepalive = new Keepalive(this, limits.keepalive().toMillis());
    this.held = new HeldBytes(this, credit, context.budget());
    Inbound inbound = new Inbound(this, handshake, credit, streams);
    this.reader = new FrameReader(channel.alloc(), limits.frame().intBytes(), inbound);
  }

  /// Opens a stream. It may be sent on at once; a connection that is over tells the handler so.
  public WireStream open(OpenRequest request, StreamHandler owner) {
    WireStream stream = new WireStream(this, request, owner);
    onLoop(() -> openNow(stream));
    return stream;
  }

  private void openNow(WireStream stream) {
    if (isClosed || !streams.hasNumbers()) {
      WireStatus status = goAway == null ? closedStatus("The connection is closed.") : goAway;
      stream.step(StreamMachine.Event.REMOTE_ABORT, status, Metadata.EMPTY);
      return;
    }
    int sid = streams.addLocal(stream);
    if (!ControlFrames.open(outbound, allocator(), sid, stream.request())) {
      streams.remove(stream);
      stream.step(
          StreamMachine.Event.REMOTE_ABORT,
          WireStatus.of(StatusCode.RESOURCE_EXHAUSTED, "The metadata is too large."),
          Metadata.EMPTY);
      return;
    }
    stream.opened(sid, peerStreamWindow());
  }

  /// What was agreed with the peer; empty until it has said hello.
  public Optional<Agreement> agreement() {
    return Optional.ofNullable(agreement);
  }

  public SocketAddress remoteAddress() {
    return channel.channel().remoteAddress();
  }

  public SocketAddress localAddress() {
    return channel.channel().localAddress();
  }

  public boolean isOpen() {
    return !isClosed;
  }

  /// Where everything of this connection runs.
  public EventLoop loop() {
    return loop;
  }

  /// Buffers for bodies.
  public ByteBufAllocator allocator() {
    return channel.alloc();
  }

  /// Ends the connection after what was written so far; its streams fail as UNAVAILABLE.
  public void close() {
    submissions.run(() -> finish(closedStatus("The connection was closed here."), true));
  }

  WireContext context() {
    return context;
  }

  Outbound outbound() {
    return outbound;
  }

  Submissions submissions() {
    return submissions;
  }

  MessageView view() {
    return view;
  }

  long maxMessageBytes() {
    return context.limits().message().bytes();
  }

  void onLoop(Runnable task) {
    submissions.run(task);
  }

  // What follows runs on the event loop.

  /// The open streams.
  List<WireStream> streams() {
    return streams.snapshot();
  }

  void start() {
    handshake.start();
    keepalive.start();
    handler.onConnected(this);
    flushSoon();
  }

  void read(ByteBuf in) {
    isReading = true;
    keepalive.onHeard();
    try {
      if (!isClosed && handshake.readPreface(in)) {
        reader.read(in);
      }
    } catch (WeirException e) {
      fail(e);
    }
  }

  void onReadComplete() {
    isReading = false;
    endTurn();
  }

  /// Sees to it that the turn ends with a flush; while bytes are being read it does anyway.
  void flushSoon() {
    if (!isReading && !isTurnScheduled) {
      isTurnScheduled = true;
      loop.execute(turnTask);
    }
  }

  /// Grants what is owed, lets streams send, and flushes once.
  void endTurn() {
    isTurnScheduled = false;
    if (isClosed) {
      return;
    }
    held.report();
    if (credit.isGrantDue()) {
      credit.climit();
      outbound.writer().number(FrameType.CREDIT, 0, 0, credit.limit());
    }
    outbound.runAndFlush();
    if (outbound.takeReadyCheck()) {
      for (WireStream stream : streams.snapshot()) {
        stream.readiness().check();
      }
    }
  }

  void agreed(Agreement found) {
    agreement = found;
    outbound.setMaxFrameBytes(found.peer().maxFrameBytes());
    for (WireStream stream : streams.snapshot()) {
      stream.sender().credit().raise(found.peer().streamWindowBytes());
      stream.sender().wake();
    }
    handler.onAgreed(this, found);
  }

  /// What may be sent on a new stream.
  long peerStreamWindow() {
    Agreement known = agreement;
    return known == null ? WireLimits.FIRST_CREDIT_BYTES : known.peer().streamWindowBytes();
  }

  Optional<StreamHandler> ownerOf(WireStream stream, OpenRequest request) {
    try {
      return handler.onOpen(stream, request);
    } catch (RuntimeException e) {
      onHandlerFault(stream, e);
      return Optional.empty();
    }
  }

  void onHandlerFault(WireStream stream, RuntimeException fault) {
    context.counters().onHandlerFault();
    LOG.warn("The handler of {} failed", stream.request().method(), fault);
    stream.abort(WireStatus.of(StatusCode.INTERNAL, "The handler failed."));
  }

  void hold(long bytes) {
    held.add(bytes);
  }

  void onAssembling(int change) {
    held.onAssembling(change);
  }

  boolean mayGrant() {
    return held.mayGrant();
  }

  /// The budget has room again.
  void grantAll() {
    for (WireStream stream : streams.snapshot()) {
      stream.receiver().grantIfDue();
    }
    flushSoon();
  }

  void writeCredit(int sid, long limit) {
    outbound.writer().number(FrameType.CREDIT, sid, 0, limit);
    flushSoon();
  }

  void writeAccept(WireStream stream, Metadata metadata) {
    if (stream.state().canSend() && stream.isOpened()) {
      ControlFrames.accept(outbound, stream.sid(), metadata);
    }
  }

  void writeAbort(WireStream stream, WireStatus status) {
    ControlFrames.abort(outbound, stream.sid(), status);
    flushSoon();
  }

  void writeCancel(WireStream stream, int mid) {
    ControlFrames.cancel(outbound, stream.sid(), mid);
    flushSoon();
  }

  void forget(WireStream stream) {
    if (stream.isOpened()) {
      streams.remove(stream);
    }
  }

  void onGoAway(WireStatus status) {
    goAway = status;
    finish(status, false);
  }

  /// The peer broke the protocol.
  void refuse(String what) {
    fail(new WeirException(ErrorCode.PROTOCOL_BROKEN, what));
  }

  /// Ends the connection for a fault of the peer's, and tells it.
  void fail(WeirException fault) {
    if (isClosed) {
      return;
    }
    context.counters().onPeerFault();
    LOG.debug("Connection to {} is refused: {}", remoteAddress(), fault.explanation());
    String text = fault.code().label() + ": " + fault.getMessage();
    finish(WireStatus.of(ControlFrames.codeOf(fault.code()), text), true);
  }

  /// The connection is no more.
  void lost(WeirException cause) {
    finish(closedStatus(cause.code().label() + ": " + cause.getMessage()), false);
  }

  private static WireStatus closedStatus(String detail) {
    return new WireStatus(StatusCode.UNAVAILABLE, true, false, detail);
  }

  private void finish(WireStatus status, boolean isTold) {
    if (isClosed) {
      return;
    }
    isClosed = true;
    handshake.cancel();
    keepalive.stop();
    reader.stop();
    if (isTold) {
      ControlFrames.goAway(outbound, status, streams.highestRemote());
    }
    outbound.writer().flush();
    for (WireStream stream : streams.snapshot()) {
      stream.step(StreamMachine.Event.REMOTE_ABORT, status, Metadata.EMPTY);
    }
    submissions.drain();
    outbound.writer().release(); // What owners said in farewell goes nowhere.
    held.release();
    if (isTold) {
      Farewell.close(channel.channel());
    } else {
      var _ = channel.close();
    }
    handler.onClosed(this, status);
  }
}
