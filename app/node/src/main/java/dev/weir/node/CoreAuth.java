package dev.weir.node;

import dev.weir.auth.AuthStats;
import dev.weir.auth.Origin;
import dev.weir.auth.SessionBook;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.config.AuthConfig;
import dev.weir.gateway.grpc.BrokerLinkStore;
import dev.weir.gateway.grpc.GrpcGuard;
import dev.weir.gateway.port.OpsRoute;
import dev.weir.gateway.web.guard.WebGuard;
import dev.weir.gateway.web.http.Entrance;
import dev.weir.link.LinkServer;
import dev.weir.link.LinkStore;
import dev.weir.wire.WireAuthenticator;
import dev.weir.wire.WireSecurity;
import dev.weir.wire.WireServices;
import dev.weir.wire.WireStream;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who is let in at a core, as its configuration says: everybody, or those of `auth.yaml`.
///
/// | door | with `auth.file` |
/// |---|---|
/// | gRPC: broker and links | each call logs in; see [GrpcGuard] |
/// | web: REST, events, sockets | each request logs in; see [WebGuard] |
/// | HTTP `/livez`, `/readyz` | open: an orchestrator asks, and learns yes or no |
/// | HTTP `/metrics`, `/readyz?verbose` | need `manage` on `$weir/stats` |
/// | wire: links and buckets | each connection logs in; see [WireGuard] |
final class CoreAuth implements AutoCloseable {
  private final @Nullable Users users;
  private final @Nullable GrpcGuard grpc;
  private final @Nullable WireGuard wire;

  private CoreAuth(@Nullable Users users, @Nullable GrpcGuard grpc, @Nullable WireGuard wire) {
    this.users = users;
    this.grpc = grpc;
    this.wire = wire;
  }

  /// @throws WeirException with CONFIG_INVALID, or CONFIG_ENVIRONMENT when a file cannot be used
  static CoreAuth open(AuthConfig config, Broker broker, Clock clock) {
    return Users.open(config, clock)
        .map(users ->
            new CoreAuth(
                users, new GrpcGuard(users.access(), broker), new WireGuard(users.access())))
        .orElseGet(() -> new CoreAuth(null, null, null));
  }

  /// For people.
  String introduction() {
    return users == null
        ? "no auth.file: everybody who reaches the address is let in"
        : users.introduction();
  }

  /// The broker as services should hold it.
  Broker seen(Broker broker) {
    return grpc == null ? broker : grpc.seen();
  }

  /// Who is let in over the web, and to what.
  Entrance entrance(Broker broker) {
    return users == null ? Entrance.open(broker) : new WebGuard(users.access(), broker);
  }

  /// What is known of clients' sessions.
  SessionBook sessions() {
    return users == null ? SessionBook.NONE : users.access();
  }

  AuthStats stats() {
    return users == null ? AuthStats.NONE : users.access().stats();
  }

  LinkStore guarding(LinkStore store) {
    return grpc == null ? store : grpc.guarding(store);
  }

  List<ServerServiceDefinition> guarding(List<ServerServiceDefinition> services) {
    return grpc == null ? services : grpc.guarding(services);
  }

  Map<String, OpsRoute> guarding(Map<String, OpsRoute> routes) {
    return users == null ? routes : users.guarding(routes);
  }

  /// Who is let in over wire.
  WireSecurity guarding(WireSecurity security) {
    return wire == null ? security : security.with((WireAuthenticator) wire);
  }

  /// What is served over wire: buckets, and links into a store that knows of no session.
  WireServices services(LinkServer link, LinkStore store, KvService kv) {
    WireServices buckets = kv.services(wire);
    if (wire == null) {
      return buckets.with(
          LinkServer.WIRE_METHOD,
          link.wireService((stream, _) -> BrokerLinkStore.openedAt(store, address(stream))));
    }
    return buckets.with(
        LinkServer.WIRE_METHOD,
        wire.serving((stream, request, session) ->
            link.wireService((_, _) -> GrpcGuard.guarding(store, session)).open(stream, request)));
  }

  private static String address(WireStream stream) {
    return Origin.of("wire", stream.connection().remoteAddress()).address();
  }

  /// Idempotent, never throws.
  @Override
  public void close() {
    if (users != null) {
      users.close();
    }
  }
}
