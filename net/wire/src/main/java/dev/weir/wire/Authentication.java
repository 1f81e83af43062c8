package dev.weir.wire;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.Future;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How a server finds out who its client is:
///
/// ```
///  client                                     server
///    │ ── HELLO {auth follows}, AUTH token ────▶│  asks its WireAuthenticator,
///    │ ── OPEN, MSG ───────────────────────────▶│  which may take a while: not read until then
///    │ ◀─────────────────────────── HELLO_ACK ──│
///    │ ◀───────────────────────────── AUTH_OK ──│  or GOAWAY UNAUTHENTICATED
///    │ ── AUTH newer token ────────────────────▶│  at any time later
/// ```
///
/// A client that sends no AUTH is judged by its certificate. Until it is known, a client has no
/// stream and nothing of it is kept but one frame of 16 KiB and what one read brought with it.
///
/// The body of AUTH is fields as in HELLO: tag 1, the bearer token in UTF-8.
///
/// Owned by the connection's event loop.
final class Authentication {
  private static final int TOKEN = 1;

  /// As every other door (hub/auth).
  private static final int MAX_TOKEN_BYTES = 8 << 10;

  private enum State {
    AWAITED,
    DECIDING,
    KNOWN
  }

  private final WireConnection connection;
  private final @Nullable WireAuthenticator authenticator;
  private State state;
  private volatile WireIdentity identity = WireIdentity.ANONYMOUS;
  private @Nullable Future<?> timeout;

  Authentication(WireConnection connection, boolean isClient, WireSecurity security) {
    this.connection = connection;
    this.authenticator = isClient ? null : security.authenticator();
    this.state = authenticator == null ? State.KNOWN : State.AWAITED;
  }

  /// Who the peer is: a client as the authenticator said, a server by its certificate. Any thread.
  WireIdentity identity() {
    return identity;
  }

  /// Whether frames of streams may be read.
  boolean isKnown() {
    return state == State.KNOWN;
  }

  /// Shows a token to the server.
  void send(Supplier<String> tokens) {
    Bytes token = Bytes.utf8(tokens.get());
    if (token.length() == 0 || token.length() > MAX_TOKEN_BYTES) {
      WeirException fault = outOfRange(token.length());
      connection.loop().execute(() -> connection.life().lost(fault)); // It is just beginning.
      return;
    }
    ByteBuf body = Unpooled.buffer(4 + token.length());
    body.writeShort(TOKEN).writeShort(token.length()).writeBytes(token.buffer());
    connection.outbound().writer().frame(FrameType.AUTH, 0, 0, 0, body, 0, body.readableBytes());
    body.release();
  }

  private static WeirException outOfRange(int bytes) {
    return new WeirException(
        ErrorCode.UNAUTHENTICATED,
        "The token that is shown has " + bytes + " bytes, expected 1 to " + MAX_TOKEN_BYTES + ".");
  }

  /// Both ends have said hello.
  void onHello(boolean isAuthToFollow) {
    var certificates = connection.peerCertificates();
    if (authenticator == null) {
      identity = certificates.isEmpty() ? identity : WireIdentity.of(certificates.getFirst());
      return;
    }
    long millis = connection.context().limits().handshake().toMillis();
    timeout =
        connection
            .loop()
            .schedule(
                () ->
                    connection
                        .life()
                        .fail(
                            new WeirException(
                                ErrorCode.UNAUTHENTICATED,
                                "The client was not known within " + millis + " ms.")),
                millis,
                TimeUnit.MILLISECONDS);
    if (!isAuthToFollow) {
      decide(authenticator, "");
    }
  }

  /// AUTH came.
  void onAuth(FrameView frame) {
    String token = "";
    Fields in = new Fields(frame.buffer(), frame.bodyIndex(), frame.bodyBytes());
    while (in.remaining() > 0) {
      int tag = in.u16();
      Fields value = in.part(in.u16());
      if (tag == TOKEN && value.remaining() > MAX_TOKEN_BYTES) {
        throw outOfRange(value.remaining());
      }
      if (tag == TOKEN) {
        token = value.text(value.remaining());
      }
    }
    if (state == State.DECIDING) {
      throw new WeirException(ErrorCode.PROTOCOL_BROKEN, "An AUTH came before the last's answer.");
    }
    if (authenticator == null) {
      accept(identity);
    } else {
      decide(authenticator, token);
    }
  }

  private void decide(WireAuthenticator by, String token) {
    state = State.DECIDING;
    connection.intake().pause();
    var credentials =
        new WireCredentials(
            token, connection.peerCertificates(), connection.remoteAddress(), identity);
    try {
      var _ =
          by.authenticate(credentials)
              .whenComplete((found, fault) -> connection.onLoop(() -> decided(found, fault)));
    } catch (RuntimeException e) {
      decided(null, e);
    }
  }

  private void decided(@Nullable WireIdentity found, @Nullable Throwable fault) {
    if (!connection.isOpen()) {
      if (found != null && !found.grant().equals(identity.grant())) {
        found.grant().end();
      }
      return;
    }
    if (found == null) {
      connection.life().fail(refusal(fault));
      return;
    }
    accept(found);
    connection.intake().resume();
  }

  private static WeirException refusal(@Nullable Throwable fault) {
    Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
    return cause instanceof WeirException known && isTold(known.code())
        ? known
        : new WeirException(ErrorCode.UNAUTHENTICATED, "The client could not be authenticated.");
  }

  /// What a client may know of why it is not let in.
  private static boolean isTold(ErrorCode code) {
    return switch (code) {
      case UNAUTHENTICATED,
          CREDENTIALS_MISSING,
          CREDENTIALS_EXPIRED,
          CREDENTIALS_REVOKED,
          NOT_PERMITTED,
          LOGIN_PAUSED,
          OVERLOADED,
          QUOTA_EXCEEDED ->
          true;
      default -> false;
    };
  }

  private void accept(WireIdentity found) {
    cancel();
    state = State.KNOWN;
    WireGrant before = identity.grant();
    identity = found;
    if (!before.equals(found.grant())) {
      before.end();
      found.grant().begin(connection);
    }
    if (!connection.isOpen()) {
      return; // The grant was over before it began.
    }
    connection.outbound().writer().frame(FrameType.AUTH_OK, 0, 0, 0, Unpooled.EMPTY_BUFFER, 0, 0);
    connection.owner().authenticated(found);
    connection.turn().flushSoon();
  }

  /// The connection is over.
  void close() {
    cancel();
    identity.grant().end();
  }

  /// Stops waiting.
  private void cancel() {
    if (timeout != null) {
      timeout.cancel(false);
      timeout = null;
    }
  }
}
