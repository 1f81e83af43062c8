package dev.weir.node;

import dev.weir.auth.AccessControl;
import dev.weir.auth.Action;
import dev.weir.auth.AuditLog;
import dev.weir.auth.AuditTrail;
import dev.weir.auth.Credentials;
import dev.weir.auth.Origin;
import dev.weir.auth.Session;
import dev.weir.auth.guard.AuthorizedBroker;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.config.AuthConfig;
import dev.weir.gateway.grpc.GrpcGuard;
import dev.weir.gateway.port.OpsAnswer;
import dev.weir.gateway.port.OpsRequest;
import dev.weir.gateway.port.OpsRoute;
import dev.weir.gateway.port.Peer;
import dev.weir.gateway.web.guard.WebGuard;
import dev.weir.gateway.web.http.Entrance;
import dev.weir.link.LinkStore;
import dev.weir.node.auth.AuthFile;
import dev.weir.node.auth.AuthWatch;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Who is let in at a core, as its configuration says: everybody, or those of `auth.yaml`.
///
/// | door | with `auth.file` |
/// |---|---|
/// | gRPC: broker and links | each call logs in; see [GrpcGuard] |
/// | web: REST, events, sockets | each request logs in; see [WebGuard] |
/// | HTTP `/livez`, `/readyz` | open: an orchestrator asks, and learns yes or no |
/// | HTTP `/metrics`, `/readyz?verbose` | need `manage` on `$weir/stats` |
/// | wire: links and buckets | closed, TLS or not: it knows no users yet; `weir://` finds gRPC |
final class CoreAuth implements AutoCloseable {
  private final @Nullable AccessControl access;
  private final @Nullable AuthWatch watch;
  private final @Nullable AuditLog audit;
  private final @Nullable GrpcGuard grpc;

  private CoreAuth(
      @Nullable AccessControl access,
      @Nullable AuthWatch watch,
      @Nullable AuditLog audit,
      @Nullable GrpcGuard grpc) {
    this.access = access;
    this.watch = watch;
    this.audit = audit;
    this.grpc = grpc;
  }

  /// @throws WeirException with CONFIG_INVALID, or CONFIG_ENVIRONMENT when a file cannot be used
  static CoreAuth open(AuthConfig config, Broker broker, Clock clock) {
    if (config.file().isEmpty()) {
      return new CoreAuth(null, null, null, null);
    }
    try {
      AuthFile file = new AuthFile(config.file().get());
      var book = file.load();
      AuditLog audit =
          config.audit().isPresent()
              ? new AuditLog(config.audit().get(), config.auditBytes().bytes(), config.auditFiles())
              : null;
      AuditTrail trail = audit == null ? AuditTrail.NONE : audit;
      AccessControl access = new AccessControl(book, trail, clock);
      AuthWatch watch = new AuthWatch(file, access::replace);
      return new CoreAuth(access, watch, audit, new GrpcGuard(access, broker));
    } catch (IOException e) {
      throw new WeirException(
          ErrorCode.CONFIG_ENVIRONMENT, "auth.file or auth.audit cannot be used: " + e + ".", e);
    }
  }

  boolean isOn() {
    return access != null;
  }

  /// For people.
  String introduction() {
    return access == null
        ? "no auth.file: everybody who reaches the address is let in"
        : access.book().users().size() + " users, permissions by auth.file";
  }

  /// The broker as services should hold it.
  Broker seen(Broker broker) {
    return grpc == null ? broker : grpc.seen();
  }

  /// Who is let in over the web, and to what.
  Entrance entrance(Broker broker) {
    return access == null ? Entrance.open(broker) : new WebGuard(access, broker);
  }

  LinkStore guarding(LinkStore store) {
    return grpc == null ? store : grpc.guarding(store);
  }

  List<ServerServiceDefinition> guarding(List<ServerServiceDefinition> services) {
    return grpc == null ? services : grpc.guarding(services);
  }

  Map<String, OpsRoute> guarding(Map<String, OpsRoute> routes) {
    if (access == null) {
      return routes;
    }
    Map<String, OpsRoute> guarded = new TreeMap<>();
    routes.forEach((path, route) -> guarded.put(path, guarding(access, path, route)));
    return guarded;
  }

  private static OpsRoute guarding(AccessControl access, String path, OpsRoute route) {
    boolean isHealth = path.equals("/livez") || path.equals("/readyz");
    return request -> {
      if (isHealth && !request.isVerbose()) {
        return route.answer(request);
      }
      try (Session session = open(access, request)) {
        session.require(Action.MANAGE, AuthorizedBroker.STATS);
        return route.answer(request);
      } catch (WeirException e) {
        return OpsAnswer.refusal(e);
      }
    };
  }

  private static Session open(AccessControl access, OpsRequest request) {
    Peer peer = request.peer();
    Credentials shown =
        Credentials.ofHeader(request.authorization())
            .or(peer == null ? List.of() : peer.certificates());
    Origin origin = Origin.of("http", peer == null ? null : peer.address());
    try {
      return access.open(shown, origin).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw AccessControl.known(e);
    }
  }

  /// Idempotent, never throws.
  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
    if (access != null) {
      access.close();
    }
    if (audit != null) {
      audit.close();
    }
  }
}
