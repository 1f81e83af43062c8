package dev.weir.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import java.nio.file.Path;
import java.util.Iterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class DiscoveryTest {
  @TempDir Path directory;

  private static HealthCheckRequest of(String service) {
    return HealthCheckRequest.newBuilder().setService(service).build();
  }

  @Test
  void tellsItsHealthToWhoAsksAndToWhoWatches() {
    try (Door door = new Door(directory)) {
      HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(door.channel);
      Iterator<HealthCheckResponse> watched = health.watch(of("weir.v1.Broker"));

      assertThat(health.check(of("")).getStatus()).isEqualTo(ServingStatus.SERVING);
      assertThat(health.check(of("DataSink")).getStatus()).isEqualTo(ServingStatus.SERVING);
      assertThat(watched.next().getStatus()).isEqualTo(ServingStatus.SERVING);
      door.door.serving(false);
      assertThat(watched.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
      door.door.serving(true);
      assertThat(watched.next().getStatus()).isEqualTo(ServingStatus.SERVING);
      door.door.drain();
      door.door.serving(true);
      assertThat(watched.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
      assertThatThrownBy(() -> health.check(of("no.Service")))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("NOT_FOUND");
    }
  }

  @Test
  void showsItsSchema() throws InvalidProtocolBufferException {
    try (Door door = new Door(directory)) {
      Talk<ServerReflectionRequest, ServerReflectionResponse> talk =
          Talk.open(ServerReflectionGrpc.newStub(door.channel)::serverReflectionInfo);
      talk.say(ServerReflectionRequest.newBuilder().setListServices("*").build())
          .say(
              ServerReflectionRequest.newBuilder()
                  .setFileContainingSymbol("weir.v1.Broker")
                  .build());
      talk.await(2);

      assertThat(talk.answers().getFirst().getListServicesResponse().getServiceList())
          .extracting("name")
          .contains("DataSink", "weir.v1.DataSink", "weir.v1.Broker", "grpc.health.v1.Health");
      FileDescriptorProto file =
          FileDescriptorProto.parseFrom(
              talk.answers().get(1).getFileDescriptorResponse().getFileDescriptorProto(0));
      assertThat(file.getService(0).getMethodList()).extracting("name").contains("Consume");
    }
  }
}
