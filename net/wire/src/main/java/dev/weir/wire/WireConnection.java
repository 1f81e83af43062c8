package dev.weir.wire;

import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
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

  /// As long as TCP_USER_TIMEOUT gives the path: what has not ended by then hangs.
  private static final Duration DRAIN_GRACE = Duration.ofSeconds(30);

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
  private final Drain drain;
  private final Authentication authentication;
  private final PathWindow path;
  private final Pings pings = new Pings(this);
  private final HeldBytes held;
  private final Intake intake;
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
    this.drain = new Drain(this, streams);
    this.authentication = new Authentication(this, isClient, context.security());
    this.path = new PathWindow(this, credit);
    Inbound inbound = new Inbound(this, handshake, credit, streams, drain);
    FrameReader reader = new FrameReader(channel.alloc(), limits.frame().intBytes(), inbound);
    this.intake = new Intake(this, channel.channel(), handshake, reader);
  }

  /// Opens a stream. It may be sent on at once; a connection that is over tells the handler so.
  public WireStream open(OpenRequest request, StreamHandler owner) {
    WireStream stream = new WireStream(this, request, owner);
    onLoop(() -> openNow(stream));
    return stream;
  }

  private void openNow(WireStream stream) {
    WireStatus refusal = drain.refusal();
    if (isClosed || refusal != null || !streams.hasNumbers()) {
      WireStatus known = refusal == null ? goAway : refusal;
      WireStatus status = known == null ? closedStatus("The connection is closed.") : known;
      stream.step(StreamMachine.Event.REMOTE_ABORT, status.asUnprocessed(), Metadata.EMPTY);
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
    stream.receiver().grantIfDue();
  }

  /// What was agreed with the peer; empty until it has said hello.
  public Optional<Agreement> agreement() {
    return Optional.ofNullable(agreement);
  }

  /// Who the peer is: a client as the server's authenticator said, a server by its certificate.
  public WireIdentity identity() {
    return authentication.identity();
  }

  /// Shows the server a newer token, of those that the context supplies.
  public void authenticateAgain() {
    Supplier<String> tokens = context.security().token();
    Checks.state(tokens != null, "the context supplies no token");
    onLoop(() -> authentication.send(Objects.requireNonNull(tokens)));
  }

  /// What may be held of one stream at present: it follows what the path needs, see
  /// [WireLimits#maxWindow].
  public long windowBytes() {
    return path.streamBytes();
  }

  /// The usual round trip, as measured while data came; 0 while that is not known.
  public Duration roundTrip() {
    return Duration.ofNanos(path.rttNanos());
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

  /// Whether either end is giving the connection up: what is new belongs on another one.
  public boolean isDraining() {
    return drain.isDraining();
  }

  /// Whether a stream that is opened now has a chance: neither end has named the last one that it
  /// takes. On the event loop.
  public boolean takesStreams() {
    return !isClosed && drain.refusal() == null;
  }

  /// Gives the connection up within 30 s, see [#drain(Duration)].
  public void drain() {
    drain(DRAIN_GRACE);
  }

  /// Gives the connection up without losing or repeating anything: the peer is told to open another
  /// one, then which of its streams and calls are the last to be served, and the connection ends
  /// when its streams have, or when the grace has passed. A second call changes nothing.
  ///
  /// @param grace 0 to 1 h; no new work is taken after its first half
  public void drain(Duration grace) {
    Checks.range("grace in ms", grace.toMillis(), 0, WireLimits.LONGEST.toMillis());
    onLoop(() -> drain.start(grace));
  }

  /// Ends the connection after what was written so far; its streams fail as UNAVAILABLE.
  public void close() {
    submissions.run(() -> finish(closedStatus("The connection was closed here."), true));
  }

  /// Runs a task once the socket is closed.
  void onChannelClosed(Runnable task) {
    var _ = channel.channel().closeFuture().addListener(_ -> task.run());
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

  ConnectionCredit credit() {
    return credit;
  }

  Keepalive keepalive() {
    return keepalive;
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
    context.budget().join();
    handshake.start();
    keepalive.start();
    handler.onConnected(this);
    flushSoon();
  }

  void read(ByteBuf in) {
    isReading = true;
    keepalive.onHeard();
    try {
      intake.take(in);
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
    path.onTurn();
    if (credit.isGrantDue()) {
      credit.climit();
      outbound.writer().number(FrameType.CREDIT, 0, 0, credit.limit());
    }
    outbound.run();
    pings.onTurnSent();
    outbound.writer().flush();
    drain.check();
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
    path.start(channel.channel());
    handler.onAgreed(this, found);
  }

  Intake intake() {
    return intake;
  }

  Pings pings() {
    return pings;
  }

  PathWindow path() {
    return path;
  }

  Authentication authentication() {
    return authentication;
  }

  void tellAuthenticated(WireIdentity identity) {
    handler.onAuthenticated(this, identity);
  }

  List<X509Certificate> peerCertificates() {
    return WireTls.peerCertificates(channel.channel());
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

  void forget(WireStream stream) {
    if (stream.isOpened()) {
      streams.remove(stream);
      if (drain.isDraining()) {
        flushSoon();
      }
    }
  }

  void tellDraining(long graceMicros) {
    handler.onDraining(this, Duration.of(graceMicros, ChronoUnit.MICROS));
  }

  void closeDrained() {
    finish(closedStatus("The connection was drained."), true);
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
    String text = cause.code().label() + ": " + cause.getMessage();
    finish(
        cause.code() == ErrorCode.UNAUTHENTICATED
            ? WireStatus.of(StatusCode.UNAUTHENTICATED, text)
            : closedStatus(text),
        false);
  }

  /// The peer lives but does not move.
  void stalled(String what) {
    context.counters().onStall();
    LOG.debug("Connection to {} stalls: {}", remoteAddress(), what);
    finish(stallStatus(what), true);
  }

  static WireStatus stallStatus(String what) {
    return closedStatus(ErrorCode.STALLED.label() + ": " + what);
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
    intake.stop();
    context.budget().leave();
    drain.cancel();
    authentication.cancel();
    if (isTold) {
      ControlFrames.goAway(outbound, status, drain.lastAccepted());
    }
    outbound.writer().flush();
    for (WireStream stream : streams.snapshot()) {
      WireStatus end = drain.endOf(stream, status);
      stream.step(StreamMachine.Event.REMOTE_ABORT, end, Metadata.EMPTY);
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
