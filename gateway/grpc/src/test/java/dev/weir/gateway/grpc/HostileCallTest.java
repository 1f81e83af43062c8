package dev.weir.gateway.grpc;

import static dev.weir.testkit.Eventually.eventuallyPresent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.ListTopicsRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every method against bytes that are no message of its own.
@Timeout(60)
final class HostileCallTest {
  /// A tag of no kind; a length beyond the end; and in field 1 bytes that are no UTF-8.
  private static final List<String> WRONG = List.of("ffffffffffff", "0affffff7f00", "07", "0a05");

  @TempDir Path directory;

  /// Bytes as they are.
  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Status said(Door door, String method, byte[] bytes) {
    MethodDescriptor<byte[], byte[]> raw =
        MethodDescriptor.<byte[], byte[]>newBuilder(new Raw(), new Raw())
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName(method)
            .build();
    AtomicReference<Status> end = new AtomicReference<>();
    ClientCall<byte[], byte[]> call = door.channel.newCall(raw, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.set(status);
          }
        },
        new Metadata());
    call.request(10);
    call.sendMessage(bytes);
    call.halfClose();
    return eventuallyPresent("the call of " + method + " ends", end::get);
  }

  @Test
  void refusesWhatIsNoMessage() {
    try (Door door = new Door(directory)) {
      for (ServerServiceDefinition service : door.door.services()) {
        for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
          String name = method.getMethodDescriptor().getFullMethodName();
          for (String wrong : WRONG) {
            Status status = said(door, name, HexFormat.of().parseHex(wrong));
            assertThat(status.isOk()).as(name + " " + wrong).isFalse();
          }
        }
      }
      assertThat(
              BrokerGrpc.newBlockingStub(door.channel)
                  .listTopics(ListTopicsRequest.getDefaultInstance())
                  .getTopicsCount())
          .isZero();
      assertThat(door.broker.stats().storedMessages()).isZero();
    }
  }

  /// `topic` of a message, `filter` of a listing, `name` of a queue.
  @Test
  void refusesTextThatIsNoUtf8() {
    try (Door door = new Door(directory)) {
      for (String method :
          List.of(
              "weir.v1.Broker/ListTopics",
              "weir.v1.Broker/GetQueue",
              "weir.v1.Presence/GetPresence")) {
        Status status = said(door, method, HexFormat.of().parseHex("0a02c328"));
        assertThat(status.isOk()).as(method).isFalse();
      }
    }
  }
}
