package dev.weir.wire;

import dev.weir.base.Checks;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One connection: streams of both ends over one socket.
///
/// Everything happens on one event loop, in turns ([ConnectionTurn]); how it ends stands in
/// [ConnectionLife]. The methods that are public may be called by any thread.
///
/// A connection is never used again: its streams, calls and numbers end with it, so nothing late
/// can reach what another connection is for.
public final class WireConnection {
  /// As long as TCP_USER_TIMEOUT gives the path: what has not ended by then hangs.
  private static final Duration DRAIN_GRACE = Duration.ofSeconds(30);

  private final WireContext context;
  private final ChannelHandlerContext channel;
  private final EventLoop loop;
  private final ConnectionOwner owner;
  private final ConnectionCredit credit;
  private final Outbound outbound;
  private final Submissions submissions;
  private final StreamTable streams;
  private final StreamOpener opener;
  private final Keepalive keepalive;
  private final Drain drain;
  private final Authentication authentication;
  private final PathWindow path;
  private final Pings pings = new Pings(this);
  private final HeldBytes held;
  private final Intake intake;
  private final ConnectionTurn turn;
  private final ConnectionLife life;
  private final MessageView view = new MessageView();
  private final boolean isClient;
  private final @Nullable ReceiveLease lease;
  private volatile @Nullable Agreement agreement;

  WireConnection(
      WireContext context,
      ConnectionHandler handler,
      ChannelHandlerContext channel,
      boolean isClient,
      long epoch) {
    this.context = context;
    this.channel = channel;
    this.isClient = isClient;
    this.loop = channel.channel().eventLoop();
    this.owner = new ConnectionOwner(this, handler);
    WireLimits limits = context.limits();
    this.credit = new ConnectionCredit(limits.connectionWindow().bytes());
    this.outbound = new Outbound(channel, credit, context.clock(), limits.queue().bytes());
    this.submissions = new Submissions(this, outbound, loop);
    this.streams = new StreamTable(isClient);
    this.opener = new StreamOpener(this, streams);
    this.keepalive = new Keepalive(this, limits.keepalive().toMillis());
    this.held = new HeldBytes(this, credit, context.budget());
    this.drain = new Drain(this, streams);
    this.authentication = new Authentication(this, isClient, context.security());
    this.path = new PathWindow(this, credit);
    this.turn = new ConnectionTurn(this, loop);
    WireLease given = isClient ? null : limits.lease();
    this.lease = given == null ? null : new ReceiveLease(this, given);
    Handshake handshake = new Handshake(this, context, isClient, epoch);
    this.life = new ConnectionLife(this, channel, handshake);
    Inbound inbound = new Inbound(this, handshake, credit, streams, drain);
    FrameReader reader = new FrameReader(channel.alloc(), limits.frame().intBytes(), inbound);
    this.intake = new Intake(this, channel.channel(), handshake, reader);
  }

  /// Opens a stream. It may be sent on at once; a connection that is over tells the handler so.
  public WireStream open(OpenRequest request, StreamHandler handler) {
    WireStream stream = new WireStream(this, request, handler);
    onLoop(() -> opener.open(stream));
    return stream;
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

  /// Where the peer is: what a proxy before a [WireDoor] or a [WireEntrance] said of it, else the
  /// socket's other end.
  public SocketAddress remoteAddress() {
    SocketAddress announced = channel.channel().attr(WireDoor.CLIENT).get();
    return announced == null ? channel.channel().remoteAddress() : announced;
  }

  public SocketAddress localAddress() {
    return channel.channel().localAddress();
  }

  public boolean isOpen() {
    return life.isOpen();
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
    return isOpen() && drain.refusal() == null;
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
    submissions.run(life::close);
  }

  /// Ends the connection as [#close()] does, and tells the peer why; its streams fail by the code's
  /// status.
  public void close(WeirException why) {
    submissions.run(() -> life.close(why));
  }

  /// Runs a task once the socket is closed.
  void onChannelClosed(Runnable task) {
    var _ = channel.channel().closeFuture().addListener(_ -> task.run());
  }

  // What follows is for the parts of a connection.

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

  ConnectionTurn turn() {
    return turn;
  }

  ConnectionLife life() {
    return life;
  }

  ConnectionOwner owner() {
    return owner;
  }

  StreamOpener opener() {
    return opener;
  }

  Drain draining() {
    return drain;
  }

  HeldBytes held() {
    return held;
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

  /// What this end allows its client; null when it is as many calls as it likes.
  @Nullable ReceiveLease lease() {
    return lease;
  }

  MessageView view() {
    return view;
  }

  void onLoop(Runnable task) {
    submissions.run(task);
  }

  List<X509Certificate> peerCertificates() {
    return WireTls.peerCertificates(channel.channel());
  }

  // What follows runs on the event loop.

  /// The open streams.
  List<WireStream> streams() {
    return streams.snapshot();
  }

  void agreed(Agreement found) {
    agreement = found;
    outbound.setMaxFrameBytes(found.peer().maxFrameBytes());
    outbound.messages().agreed(found.features(), context.compression());
    opener.agreed(found.peer());
    path.start(channel.channel());
    boolean isLeased = (found.features() & WireFeatures.LEASE) != 0;
    if (lease != null) {
      lease.start(isLeased);
    } else if (isClient && isLeased) {
      outbound.lease().agreed();
    }
    owner.agreed(found);
  }

  /// The budget has room again.
  void grantAll() {
    for (WireStream stream : streams.snapshot()) {
      stream.receiver().grantIfDue();
    }
    turn.flushSoon();
  }

  void forget(WireStream stream) {
    if (stream.isOpened()) {
      streams.remove(stream);
      if (drain.isDraining()) {
        turn.flushSoon();
      }
    }
  }
}
