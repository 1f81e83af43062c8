package dev.weir.gateway.web.guard;

import dev.weir.auth.AccessControl;
import dev.weir.auth.Credentials;
import dev.weir.auth.Origin;
import dev.weir.auth.Session;
import dev.weir.auth.guard.AuthorizedBroker;
import dev.weir.auth.guard.RoomBell;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.gateway.port.Peer;
import dev.weir.gateway.web.http.Caller;
import dev.weir.gateway.web.http.Entrance;
import dev.weir.gateway.web.http.Shown;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionException;

/// Lets requests in: each shows a token or a password in `Authorization`, or comes over a
/// connection whose client certificate TLS has verified. Pages cannot set that header on an
/// EventSource or a WebSocket: for those two a token may stand in the query, as `access_token` (RFC
/// 6750 §2.3), over TLS or from this machine only, since addresses are easily written down on their
/// way.
///
/// Called on virtual threads, which a login may block; with nothing shown on event loops as well.
public final class WebGuard implements Entrance {
  private final AccessControl access;
  private final Broker broker;
  private final RoomBell bell;

  public WebGuard(AccessControl access, Broker broker) {
    this.access = access;
    this.broker = broker;
    this.bell = new RoomBell(broker);
  }

  @Override
  public Caller enter(Shown shown) {
    Session session = login(shown);
    return Caller.of(new AuthorizedBroker(broker, session, bell), session);
  }

  private Session login(Shown shown) {
    Origin origin = Origin.of("http", shown.peer().address());
    try {
      return access.open(credentials(shown), origin).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw AccessControl.known(e);
    }
  }

  private static Credentials credentials(Shown shown) {
    Credentials byHeader = Credentials.ofHeader(shown.authorization());
    if (shown.tokens().isEmpty()) {
      return byHeader.or(shown.peer().certificates());
    }
    if (shown.tokens().size() > 1 || !(byHeader instanceof Credentials.None)) {
      throw new WeirException(
          ErrorCode.MALFORMED, "Credentials are shown more than once, expected one of them.");
    }
    if (!isPrivate(shown.peer())) {
      throw new WeirException(
          ErrorCode.UNAUTHENTICATED,
          "A token in the address is taken over TLS only; use the header 'Authorization'.");
    }
    return Credentials.ofToken(shown.tokens().getFirst());
  }

  private static boolean isPrivate(Peer peer) {
    return peer.isSecure()
        || (peer.address() instanceof InetSocketAddress inet
            && inet.getAddress() != null
            && inet.getAddress().isLoopbackAddress());
  }
}
