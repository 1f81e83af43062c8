package dev.weir.gateway.port;

import dev.weir.base.Clock;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What stands behind a port, by protocol.
///
/// @param grpc what gRPC serves
/// @param tracers see every call of gRPC: links count bytes with one
/// @param routes what HTTP/1.1 serves, by path
/// @param http takes HTTP/1.x connections, and then serves the routes as well; null for the routes
///   alone
/// @param wire takes connections that begin with `WEIR`; null refuses them
/// @param connections hears of every connection
public record PortServices(
    List<ServerServiceDefinition> grpc,
    List<? extends ServerStreamTracer.Factory> tracers,
    Map<String, OpsRoute> routes,
    @Nullable RawDoor http,
    @Nullable RawDoor wire,
    Connections connections) {
  public PortServices {
    grpc = List.copyOf(grpc);
    tracers = List.copyOf(tracers);
    routes = Map.copyOf(routes);
  }

  /// HTTP/1.1 only.
  public static PortServices of(Map<String, OpsRoute> routes) {
    return new PortServices(
        List.of(), List.of(), routes, null, null, new Connections(Clock.SYSTEM));
  }

  public PortServices withGrpc(
      List<ServerServiceDefinition> services, List<? extends ServerStreamTracer.Factory> watching) {
    return new PortServices(services, watching, routes, http, wire, connections);
  }

  /// Hands HTTP/1.x connections to a door that speaks more of it than the routes.
  public PortServices withHttp(RawDoor door) {
    return new PortServices(grpc, tracers, routes, door, wire, connections);
  }

  public PortServices withWire(RawDoor door) {
    return new PortServices(grpc, tracers, routes, http, door, connections);
  }

  /// Tells somebody else of the connections.
  public PortServices withConnections(Connections value) {
    return new PortServices(grpc, tracers, routes, http, wire, value);
  }
}
