package dev.weir.gateway.grpc;

import dev.weir.auth.SessionBook;
import dev.weir.base.Clock;
import dev.weir.broker.Broker;
import dev.weir.gateway.port.Connections;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.util.ArrayList;
import java.util.List;

/// Everything that a core serves over gRPC: links, the broker, health and the schema. Any thread.
public final class GrpcDoor {
  private final BrokerService broker;
  private final RequestService requests;
  private final Discovery discovery;
  private final List<ServerServiceDefinition> services;

  /// @param links the services of the link server
  /// @param connections of the port that the door stands behind
  /// @param sessions of the clients, where the core knows users
  public GrpcDoor(
      Broker broker,
      List<ServerServiceDefinition> links,
      Connections connections,
      SessionBook sessions,
      Clock clock) {
    this.broker = new BrokerService(broker, clock);
    this.requests = new RequestService(broker);
    this.services = new ArrayList<>(links);
    services.add(this.broker.bindService());
    services.add(new OperationsService(broker, connections, sessions).bindService());
    services.add(new TopicsService(broker).bindService());
    services.add(requests.bindService());
    services.add(new PresenceService(broker).bindService());
    this.discovery = new Discovery(services);
    services.addAll(discovery.services());
  }

  public List<ServerServiceDefinition> services() {
    return services.stream()
        .map(service -> ServerInterceptors.intercept(service, new CallOrigin()))
        .toList();
  }

  /// Tells whether anything can be stored, for who asks for the health.
  public void serving(boolean isServing) {
    discovery.serving(isServing);
  }

  /// The core closes: see [BrokerService#drain]. Idempotent.
  public void drain() {
    discovery.drain();
    broker.drain();
    requests.drain();
  }
}
