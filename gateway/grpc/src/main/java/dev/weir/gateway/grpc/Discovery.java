package dev.weir.gateway.grpc;

import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.util.ArrayList;
import java.util.List;

/// What gRPC's own tools ask a server: its health (`grpc.health.v1`), for the whole and for each
/// service, and its schema (`grpc.reflection.v1`), so that a client needs no file of ours.
final class Discovery {
  private final HealthStatusManager health = new HealthStatusManager();
  private final List<ServerServiceDefinition> all = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  /// @param services whose health is told
  Discovery(List<ServerServiceDefinition> services) {
    all.add(health.getHealthService().bindService());
    all.add(ProtoReflectionServiceV1.newInstance().bindService());
    for (ServerServiceDefinition service : services) {
      names.add(service.getServiceDescriptor().getName());
    }
    serving(true);
  }

  /// The services to serve beside the others.
  List<ServerServiceDefinition> services() {
    return List.copyOf(all);
  }

  /// Tells whether anything can be stored. Any thread.
  void serving(boolean isServing) {
    ServingStatus status = isServing ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    names.forEach(name -> health.setStatus(name, status));
  }

  /// The server ends: it is not serving from here on, whatever is told later.
  void drain() {
    health.enterTerminalState();
  }
}
