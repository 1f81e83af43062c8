package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a connection does with each frame that comes.
///
/// Owned by the connection's event loop.
final class Inbound implements FrameReader.Sink {
  private final WireConnection connection;
  private final Handshake handshake;
  private final ConnectionCredit credit;
  private final StreamTable streams;
  private final Drain drain;
  private final FloodGuard flood;
  private final FrameCrc crc = new FrameCrc();
  private int agreedFlags;
  private int lastClimit = -1;
  private boolean isTalking;

  Inbound(
      WireConnection connection,
      Handshake handshake,
      ConnectionCredit credit,
      StreamTable streams,
      Drain drain) {
    this.connection = connection;
    this.handshake = handshake;
    this.credit = credit;
    this.streams = streams;
    this.drain = drain;
    this.flood = new FloodGuard(connection.context().clock().nanoTime());
  }

  @Override
  public void onFrame(FrameView frame) {
    if (frame.climit() != lastClimit) {
      onClimit(frame.climit());
    }
    FrameType type = frame.type();
    if (type == FrameType.MSG || type == FrameType.RESP) {
      onMessage(frame);
    } else {
      onOther(frame);
    }
  }

  private void onClimit(int climit) {
    lastClimit = climit;
    var _ = raiseConnection(CreditCode.limitOf(climit, credit.send().limit()));
  }

  private boolean raiseConnection(long limit) {
    boolean isMore = credit.send().raise(limit);
    if (isMore) {
      connection.outbound().unpark();
    }
    return isMore;
  }

  private void onMessage(FrameView frame) {
    if (!isTalking) {
      isTalking = afterHello(frame) == frame;
    }
    if ((frame.flags() & FrameHeader.AGREED) != 0) {
      checkShape(frame);
    }
    if (!credit.onReceived(frame.frameBytes())) {
      throw new WeirException(
          ErrorCode.CREDIT_EXCEEDED,
          "The connection sent "
              + credit.received()
              + " bytes, expected "
              + credit.limit()
              + " at most.");
    }
    ReceiveLease lease = connection.lease();
    if (lease != null && frame.isOfCall()) {
      lease.onCallFrame(frame);
    }
    WireStream stream = streams.find(frame.sid());
    if (stream == null) {
      if (!streams.wasOpen(frame.sid())) {
        throw broken(frame, "is of a stream that was never opened");
      }
      return;
    }
    if (frame.hasSlimit()) {
      SendCredit send = stream.sender().credit();
      var _ = raise(stream, CreditCode.streamLimitOf(frame.slimit(), send.limit()));
    }
    stream.onFrame(frame);
  }

  /// Looks at what was to be agreed before. A checksum is looked at by everyone that it passes, so
  /// that it is the neighbour's connection that a wrong one ends.
  private void checkShape(FrameView frame) {
    int flags = frame.flags();
    if ((flags & FrameHeader.AGREED & ~agreedFlags) != 0) {
      throw broken(frame, "has flags " + flags + " that were not agreed");
    }
    if ((flags & FrameHeader.ZSTD) != 0 && !frame.isCompressed()) {
      throw PackedBody.malformed(frame);
    }
    int max = FrameHeader.BYTES + connection.context().limits().frame().intBytes();
    if (frame.frameBytes() > max) {
      throw new WeirException(
          ErrorCode.DECOMPRESSION_REFUSED,
          "A frame of "
              + frame.frameBytes()
              + " bytes came compressed, expected "
              + max
              + " at most.");
    }
    if (frame.hasCrc() && !crc.matches(frame)) {
      connection.context().counters().onDamagedFrame();
      throw new WeirException(
          ErrorCode.CHECKSUM_WRONG,
          "The checksum of a " + frame.type() + " on stream " + frame.sid() + " is wrong.");
    }
  }

  private boolean raise(WireStream stream, long limit) {
    boolean isMore = stream.sender().credit().raise(limit);
    if (isMore) {
      stream.sender().wake();
    }
    return isMore;
  }

  private void onOther(FrameView frame) {
    switch (frame.type()) {
      case HELLO, HELLO_ACK -> {
        if (handshake.isDone()) {
          throw broken(frame, "came twice");
        }
        Agreement agreement = handshake.onFirstFrame(frame);
        agreedFlags = (int) agreement.features() & FrameHeader.AGREED;
        connection.agreed(agreement);
        if (connection.isOpen()) {
          connection.authentication().onHello(agreement.peer().isAuthToFollow());
        }
      }
      case GOAWAY -> {
        count(frame.sid() == 0 ? FloodGuard.Kind.SETTINGS : FloodGuard.Kind.IDLE);
        onGoAway(frame);
      }
      case INFO, PAD, SKIPPABLE -> {
        count(FloodGuard.Kind.IDLE);
        connection.context().counters().onSkippedFrame();
      }
      case OPEN -> onOpen(afterHello(frame));
      case PING -> onPing(frame);
      case PONG -> onPong(frame);
      case CREDIT -> onCredit(afterHello(frame));
      case OPEN_ACK, END, CANCEL, RESET -> onStreamFrame(afterHello(frame));
      case AUTH -> {
        expect(handshake.isDone() && !handshake.isClient(), frame, "is not expected");
        count(FloodGuard.Kind.SETTINGS);
        connection.authentication().onAuth(frame);
      }
      case AUTH_OK -> expect(handshake.isDone() && handshake.isClient(), frame, "is not expected");
      case LEASE -> onLease(frame);
      case SETTINGS, ACK, UNKNOWN, MSG, RESP -> throw broken(frame, "is not expected");
    }
  }

  private void onLease(FrameView frame) {
    Outbound outbound = connection.outbound();
    expect(outbound.lease().isInForce() && frame.sid() == 0, frame, "is not expected");
    expect(frame.bodyBytes() >= LeaseCode.BYTES, frame, "is too short");
    count(FloodGuard.Kind.SETTINGS);
    outbound.onLease(LeaseCode.limit(frame), LeaseCode.ttlMillis(frame));
  }

  private void onPing(FrameView frame) {
    count(FloodGuard.Kind.PING);
    long id = number(frame);
    connection.keepalive().onReport(frame);
    connection.pings().answer(id);
  }

  private void onPong(FrameView frame) {
    count(FloodGuard.Kind.IDLE);
    long id = number(frame);
    connection.keepalive().onPong(id);
    connection.path().onPong(id);
    connection.keepalive().onReport(frame);
    if (PingId.isDrain(id)) {
      drain.onPong();
    }
  }

  /// Counts a frame that costs the peer nothing.
  ///
  /// @throws WeirException FLOODED
  private void count(FloodGuard.Kind kind) {
    Outbound outbound = connection.outbound();
    try {
      flood.count(kind, outbound.nowNanos());
      outbound.checkUnsent();
    } catch (WeirException e) {
      connection.context().counters().onFlood();
      throw e;
    }
  }

  private static void expect(boolean isExpected, FrameView frame, String fault) {
    if (!isExpected) {
      throw broken(frame, fault);
    }
  }

  private FrameView afterHello(FrameView frame) {
    expect(handshake.isDone(), frame, "came before the hello");
    if (!connection.authentication().isKnown()) {
      throw new WeirException(
          ErrorCode.UNAUTHENTICATED, "A " + frame.type() + " came before the client was known.");
    }
    return frame;
  }

  private static WeirException broken(FrameView frame, String what) {
    return new WeirException(
        ErrorCode.PROTOCOL_BROKEN,
        "A " + frame.type() + " on stream " + frame.sid() + " " + what + ".");
  }

  private static long number(FrameView frame) {
    if (frame.bodyBytes() < Long.BYTES) {
      throw broken(frame, "has a body of " + frame.bodyBytes() + " bytes, expected 8");
    }
    return frame.buffer().getLong(frame.bodyIndex());
  }

  private void onOpen(FrameView frame) {
    OpenRequest request = OpenRequest.decode(frame);
    WireStream stream = new WireStream(connection, request, RefusedStream.HANDLER);
    if (!streams.addRemote(frame.sid(), stream)) {
      throw broken(frame, "does not follow stream " + streams.highestRemote());
    }
    stream.opened(frame.sid(), connection.opener().peerWindowBytes());
    if (drain.refusesPeer()) {
      count(FloodGuard.Kind.RESET);
      stream.abort(WireStatus.unprocessed(StatusCode.UNAVAILABLE, "This end is draining."));
      return;
    }
    if (streams.size() > connection.context().limits().streams()) {
      count(FloodGuard.Kind.RESET);
      stream.abort(
          WireStatus.unprocessed(StatusCode.RESOURCE_EXHAUSTED, "Too many streams are open."));
      return;
    }
    Optional<StreamHandler> owner = connection.owner().of(stream, request);
    if (owner.isPresent()) {
      stream.owned(owner.get());
    } else {
      count(FloodGuard.Kind.RESET);
      stream.abort(
          WireStatus.of(StatusCode.UNIMPLEMENTED, "Nobody serves " + request.method() + "."));
    }
    if (frame.isEnd()) {
      stream.step(StreamMachine.Event.REMOTE_END, WireStatus.OK, Metadata.EMPTY);
    }
  }

  private void onCredit(FrameView frame) {
    long limit = number(frame);
    boolean isNews;
    if (frame.sid() == 0) {
      isNews = raiseConnection(limit);
    } else {
      WireStream stream = known(frame);
      isNews = stream != null && raise(stream, limit);
    }
    if (!isNews) {
      count(FloodGuard.Kind.CREDIT);
    }
  }

  /// The stream of a frame; null when it is over.
  private @Nullable WireStream known(FrameView frame) {
    WireStream stream = streams.find(frame.sid());
    if (stream == null && !streams.wasOpen(frame.sid())) {
      throw broken(frame, "is of a stream that was never opened");
    }
    return stream;
  }

  private void onStreamFrame(FrameView frame) {
    boolean isReset =
        frame.type() == FrameType.RESET || (frame.type() == FrameType.CANCEL && frame.mid() == 0);
    if (isReset) {
      count(FloodGuard.Kind.RESET);
    }
    WireStream stream = known(frame);
    if (stream == null) {
      count(FloodGuard.Kind.IDLE);
      return;
    }
    switch (frame.type()) {
      case OPEN_ACK -> stream.handler().onAccepted(stream, frame.metadata());
      case END -> {
        boolean isFinish = frame.has(FrameExt.STATUS);
        stream.step(
            isFinish ? StreamMachine.Event.REMOTE_FINISH : StreamMachine.Event.REMOTE_END,
            status(frame),
            frame.metadata());
      }
      case CANCEL -> {
        if (frame.mid() != 0) {
          count(FloodGuard.Kind.CANCEL);
          stream.handler().onCancelled(stream, frame.mid());
        } else {
          stream.step(StreamMachine.Event.REMOTE_ABORT, status(frame), Metadata.EMPTY);
        }
      }
      default -> stream.step(StreamMachine.Event.REMOTE_ABORT, status(frame), frame.metadata());
    }
  }

  private static WireStatus status(FrameView frame) {
    return WireStatus.ofBits(
        frame.statusBits(),
        frame
            .buffer()
            .toString(
                frame.bodyIndex(),
                Math.min(frame.bodyBytes(), 4 * WireStatus.MAX_DETAIL_CHARS),
                java.nio.charset.StandardCharsets.UTF_8));
  }

  private void onGoAway(FrameView frame) {
    if (frame.sid() != 0) {
      WireStream stream = known(frame);
      if (stream != null) {
        stream.calls().onLastCall(frame.mid());
        if (stream.handler() instanceof FrameHandler raw) {
          raw.onLastCall(stream, frame.mid());
        }
      }
      return;
    }
    if (!frame.hasMore() && !frame.isEnd()) {
      drain.onPeerOver(frame.mid());
      connection.life().onGoAway(status(frame));
      return;
    }
    if (drain.onPeerDraining()) {
      connection.owner().draining(Math.max(0, frame.deadlineMicros()));
    }
    if (frame.isEnd()) {
      drain.onPeerLast(frame.mid());
    }
  }
}
