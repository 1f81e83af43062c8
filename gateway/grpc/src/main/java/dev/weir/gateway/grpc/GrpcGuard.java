package dev.weir.gateway.grpc;

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
import dev.weir.link.LinkStore;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Lets calls in: each shows credentials in the metadata `authorization`, or comes over a
/// connection whose client certificate TLS has verified, and is served with the broker that its
/// session may see. A call that no guard let in finds no broker: forgetting the interceptor lets
/// nobody in.
///
/// A login that takes a while (a password to hash, a key to fetch) blocks no event loop: the call
/// begins once it is decided, on its own loop.
public final class GrpcGuard {
  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Context.Key<Session> SESSION = Context.key("weir-session");
  private static final Context.Key<Broker> BROKER = Context.key("weir-broker");

  private final AccessControl access;
  private final Broker broker;
  private final RoomBell bell;

  public GrpcGuard(AccessControl access, Broker broker) {
    this.access = access;
    this.broker = broker;
    this.bell = new RoomBell(broker);
  }

  /// The broker as the client of the current call may see it.
  public Broker seen() {
    return new ContextBroker(GrpcGuard::current);
  }

  private static Broker current() {
    Broker seen = BROKER.get();
    if (seen == null) {
      throw new WeirException(ErrorCode.CREDENTIALS_MISSING, "The call was let in by nobody.");
    }
    return seen;
  }

  /// What links bring, judged by the session of their stream.
  public LinkStore guarding(LinkStore store) {
    return new GuardedLinkStore(store, SESSION::get);
  }

  /// What a link over another protocol brings, judged by its session.
  public static LinkStore guarding(LinkStore store, Session session) {
    return CallOrigin.at(
        session.origin().address(), new GuardedLinkStore(store, () -> session)::opened);
  }

  /// The services, with everybody who calls them asked who it is.
  public List<ServerServiceDefinition> guarding(List<ServerServiceDefinition> services) {
    ServerInterceptor interceptor = new Interceptor();
    return services.stream()
        .map(service -> ServerInterceptors.intercept(service, interceptor))
        .toList();
  }

  private final class Interceptor implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      CompletableFuture<Session> opening = login(peer(call), headers);
      if (opening.isDone() && !opening.isCompletedExceptionally()) {
        return begin(opening.join(), call, headers, next);
      }
      Executor loop = CallLoop.current();
      WaitingCall<A> waiting = new WaitingCall<>();
      var _ =
          opening.whenComplete((session, fault) ->
              loop.execute(() -> {
                if (session == null) {
                  StatusRuntimeException status = RegistryStatus.of(AccessControl.known(fault));
                  waiting.refuse();
                  call.close(status.getStatus(), trailers(status));
                } else if (waiting.isOver()) {
                  session.close();
                } else {
                  waiting.begin(begin(session, call, headers, next));
                }
              }));
      return waiting;
    }

    private static Metadata trailers(StatusRuntimeException status) {
      @Nullable Metadata trailers = status.getTrailers();
      return trailers == null ? new Metadata() : trailers;
    }

    private CompletableFuture<Session> login(Peer peer, Metadata headers) {
      try {
        Credentials shown =
            Credentials.ofHeader(headers.get(AUTHORIZATION)).or(peer.certificates());
        return access.open(shown, Origin.of("grpc", peer.address())).toCompletableFuture();
      } catch (WeirException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    private <A, B> ServerCall.Listener<A> begin(
        Session session, ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      AuthorizedBroker seen = new AuthorizedBroker(broker, session, bell);
      Context context = Context.current().withValues(SESSION, session, BROKER, seen);
      return new SessionCall<>(Contexts.interceptCall(context, call, headers, next), seen, session);
    }
  }

  private static Peer peer(ServerCall<?, ?> call) {
    Peer known = call.getAttributes().get(Peer.ATTRIBUTE);
    SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    return known == null ? new Peer(Objects.requireNonNull(remote), false, List.of()) : known;
  }
}
