package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How two ends come to know each other, once per connection:
///
/// ```
///  client                                    server
///    │ ── preface, HELLO {versions, …} ──────▶│  none in common: GOAWAY
///    │ ── OPEN, up to 64 KiB of MSG ─────────▶│  before the answer, to save a round trip
///    │ ◀────────── HELLO_ACK {version, …} ────│
/// ```
///
/// Owned by the connection's event loop.
final class Handshake {
  private final WireConnection connection;
  private final WireContext context;
  private final long epoch;
  private final boolean isClient;
  private final Preface preface = new Preface();
  private @Nullable Future<?> timeout;
  private boolean isPrefaceRead;
  private boolean isDone;

  Handshake(WireConnection connection, WireContext context, boolean isClient, long epoch) {
    this.connection = connection;
    this.context = context;
    this.isClient = isClient;
    this.epoch = epoch;
    this.isPrefaceRead = isClient;
  }

  void start() {
    long millis = context.limits().handshake().toMillis();
    timeout =
        connection
            .loop()
            .schedule(
                () ->
                    connection
                        .life()
                        .fail(
                            new WeirException(
                                ErrorCode.TIMED_OUT, "No hello came within " + millis + " ms.")),
                millis,
                TimeUnit.MILLISECONDS);
    if (isClient) {
      connection.outbound().writer().preface();
      write(FrameType.HELLO, context.hello(epoch, true));
      Supplier<String> tokens = context.security().token();
      if (tokens != null) {
        connection.authentication().send(tokens);
      }
    }
  }

  private void write(FrameType type, Hello hello) {
    ByteBuf body = connection.allocator().buffer();
    try {
      hello.encode(body);
      connection.outbound().writer().frame(type, 0, 0, 0, body, 0, body.readableBytes());
    } finally {
      body.release();
    }
  }

  /// Whether frames may be read: a server reads the preface first.
  boolean readPreface(ByteBuf in) {
    if (!isPrefaceRead) {
      isPrefaceRead = preface.read(in);
    }
    return isPrefaceRead;
  }

  boolean isClient() {
    return isClient;
  }

  /// Whether both ends know each other.
  boolean isDone() {
    return isDone;
  }

  /// The first frame of the peer.
  ///
  /// @return what was agreed
  /// @throws WeirException when it is another frame, or no version is common
  Agreement onFirstFrame(FrameView frame) {
    FrameType expected = isClient ? FrameType.HELLO_ACK : FrameType.HELLO;
    if (frame.type() != expected) {
      throw new WeirException(
          ErrorCode.PROTOCOL_BROKEN, "The first frame is " + frame.type() + ", not " + expected);
    }
    Hello peer = Hello.decode(frame.buffer(), frame.bodyIndex(), frame.bodyBytes());
    List<WireVersion> ours = WireVersion.SUPPORTED;
    Optional<WireVersion> version = WireVersion.choose(ours, peer.versions());
    if (version.isEmpty()) {
      throw new WeirException(
          ErrorCode.UNSUPPORTED_VERSION,
          "The peer speaks " + peer.versions() + ", expected one of " + ours + ".");
    }
    if (isClient && peer.epoch() != epoch) {
      throw new WeirException(
          ErrorCode.PROTOCOL_BROKEN,
          "The server answers epoch " + peer.epoch() + ", expected " + epoch + ".");
    }
    Hello ownHello = context.hello(peer.epoch(), isClient);
    long features = ownHello.features() & peer.features();
    if (!isClient) {
      write(FrameType.HELLO_ACK, ownHello.answer(version.get(), features, peer.epoch()));
    }
    isDone = true;
    cancel();
    return new Agreement(version.get(), features, peer.epoch(), peer);
  }

  /// Stops waiting.
  void cancel() {
    if (timeout != null) {
      timeout.cancel(false);
      timeout = null;
    }
  }
}
