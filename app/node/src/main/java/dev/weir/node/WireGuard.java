package dev.weir.node;

import dev.weir.auth.AccessControl;
import dev.weir.auth.Action;
import dev.weir.auth.Credentials;
import dev.weir.auth.Identity;
import dev.weir.auth.Introduction;
import dev.weir.auth.Origin;
import dev.weir.auth.Session;
import dev.weir.auth.Standing;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.router.ClientNames;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireAuthenticator;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireCredentials;
import dev.weir.wire.WireGrant;
import dev.weir.wire.WireIdentity;
import dev.weir.wire.WireService;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Lets clients in over wire: each connection shows a token, a user and password, or its
/// certificate, and has one session until its end; a newer token of the same user renews it.
///
/// Behind a router a connection is the router's. Each stream then says whose it is
/// ([Introduction]), which counts only where the router's own user may introduce others, and has a
/// session of its own. A stream of a router that does not know its clients is nobody's.
///
/// Any thread; what concerns a stream, on its event loop.
final class WireGuard implements WireAuthenticator, ClientNames {
  private static final String DOOR = "wire";

  private final AccessControl access;

  WireGuard(AccessControl access) {
    this.access = access;
  }

  /// Serves a stream of which it is known whose it is.
  @FunctionalInterface
  interface SessionService {
    StreamHandler open(WireStream stream, OpenRequest request, Session session);
  }

  @Override
  public CompletionStage<WireIdentity> authenticate(WireCredentials shown) {
    try {
      Credentials credentials = credentials(shown);
      return shown.known().grant() instanceof Grant(Session session)
          ? session.renew(credentials).thenApply(_ -> shown.known())
          : access
              .open(credentials, Origin.of(DOOR, shown.address()))
              .thenApply(WireGuard::identity);
    } catch (WeirException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static Credentials credentials(WireCredentials shown) {
    String token = shown.token();
    Credentials read =
        token.isEmpty() || token.regionMatches(true, 0, "basic ", 0, 6)
            ? Credentials.ofHeader(token)
            : Credentials.ofToken(token);
    return read.or(shown.certificates());
  }

  private static WireIdentity identity(Session session) {
    WireIdentity.Proof proof =
        session.identity().proof() == Identity.Proof.CERTIFICATE
            ? WireIdentity.Proof.CERTIFICATE
            : WireIdentity.Proof.TOKEN;
    return new WireIdentity(session.identity().user(), proof, new Grant(session));
  }

  /// A connection's session: whichever ends first ends the other.
  private record Grant(Session session) implements WireGrant {
    @Override
    public void begin(WireConnection connection) {
      session.watch(new Ending(connection::close));
    }

    @Override
    public void end() {
      session.close();
    }
  }

  /// Hears of a session's end alone: what is done in it is judged as it comes.
  private record Ending(java.util.function.Consumer<WeirException> whenOver) implements Standing {
    @Override
    public void recheck() {
      // Each request is judged as it comes.
    }

    @Override
    public void end(WeirException cause) {
      whenOver.accept(cause);
    }
  }

  private static Session sessionOf(WireConnection connection) {
    if (connection.identity().grant() instanceof Grant(Session session)) {
      return session;
    }
    throw new WeirException(ErrorCode.CREDENTIALS_MISSING, "The connection was let in by nobody.");
  }

  /// What this node, as a router, tells storage nodes of its client.
  @Override
  public Bytes of(WireConnection client) {
    Session session = sessionOf(client);
    return new Introduction(session.identity(), session.origin()).encode();
  }

  /// A service for clients who are let in.
  WireService serving(SessionService service) {
    return (stream, request) -> {
      Session shown = sessionOf(stream.connection());
      try {
        Optional<Session> introduced = introduced(shown, request);
        return introduced.isEmpty()
            ? service.open(stream, request, shown)
            : Introduced.open(service, stream, request, introduced.get());
      } catch (WeirException e) {
        stream.abort(WireStatus.of(e));
        return (Unserved) (_, _, _) -> {};
      }
    };
  }

  /// A service for those who may speak for a router alone, which is asked for each message: to whom
  /// the right is taken away is heard no more.
  WireService forRouters(WireService service) {
    return (stream, request) -> {
      Session shown = sessionOf(stream.connection());
      try {
        shown.require(Action.MANAGE, Introduction.RIGHT);
      } catch (WeirException e) {
        stream.abort(WireStatus.of(e));
        return (Unserved) (_, _, _) -> {};
      }
      return new RouterOnly(service.open(stream, request), shown);
    };
  }

  private Optional<Session> introduced(Session shown, OpenRequest request) {
    Optional<Bytes> told = request.metadata().first(ClientNames.METADATA);
    if (told.isEmpty()) {
      return Optional.empty();
    }
    shown.require(Action.MANAGE, Introduction.RIGHT);
    if (told.get().length() == 0) {
      throw new WeirException(
          ErrorCode.CREDENTIALS_MISSING,
          "The router does not know its clients: give it auth.file.");
    }
    return Optional.of(access.open(Introduction.decode(told.get(), DOOR)));
  }

  /// Owns a stream that was ended before it began.
  @FunctionalInterface
  private interface Unserved extends StreamHandler {
    @Override
    default void onMessage(WireStream stream, MessageView message) {}

    @Override
    void onClosed(WireStream stream, WireStatus status, Metadata trailers);
  }

  /// A stream that is another's but for what is said here.
  private interface Guarded extends StreamHandler {
    StreamHandler inner();

    @Override
    default void onAccepted(WireStream stream, Metadata metadata) {
      inner().onAccepted(stream, metadata);
    }

    @Override
    default void onMessage(WireStream stream, MessageView message) {
      inner().onMessage(stream, message);
    }

    @Override
    default void onCancelled(WireStream stream, int mid) {
      inner().onCancelled(stream, mid);
    }

    @Override
    default void onEnd(WireStream stream) {
      inner().onEnd(stream);
    }

    @Override
    default void onReady(WireStream stream) {
      inner().onReady(stream);
    }

    @Override
    default void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
      inner().onClosed(stream, status, trailers);
    }
  }

  /// A stream of who may speak for a router.
  private record RouterOnly(StreamHandler inner, Session session) implements Guarded {
    @Override
    public void onMessage(WireStream stream, MessageView message) {
      try {
        session.require(Action.MANAGE, Introduction.RIGHT);
      } catch (WeirException e) {
        stream.abort(WireStatus.of(e));
        return;
      }
      inner.onMessage(stream, message);
    }
  }

  /// A stream with a session of its own: whichever ends first ends the other.
  private record Introduced(StreamHandler inner, Session session) implements Guarded {
    static StreamHandler open(
        SessionService service, WireStream stream, OpenRequest request, Session session) {
      boolean isOpen = false;
      try {
        StreamHandler inner = service.open(stream, request, session);
        session.watch(new Ending(cause -> stream.abort(WireStatus.of(cause))));
        isOpen = true;
        return new Introduced(inner, session);
      } finally {
        if (!isOpen) {
          session.close();
        }
      }
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
      try {
        inner.onClosed(stream, status, trailers);
      } finally {
        session.close();
      }
    }
  }
}
