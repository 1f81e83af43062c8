package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;

import dev.weir.base.Bytes;
import dev.weir.message.Batch;
import dev.weir.proto.DataSinkGrpc;
import dev.weir.proto.Frame;
import dev.weir.proto.Hello;
import dev.weir.proto.LaneState;
import dev.weir.proto.Nack;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import dev.weir.proto.ServiceMessage;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A client that knows nothing but the generated stub: sends what it is told, remembers what comes.
final class RawStream implements AutoCloseable {
  private final GrpcTransport transport = GrpcTransport.start("test-raw", 1);
  private final ManagedChannel channel;
  private final List<Response> responses = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Status> end = new AtomicReference<>();
  private final StreamObserver<Request> requests;

  RawStream(int port) {
    channel = transport.channel("127.0.0.1", port).build();
    requests =
        DataSinkGrpc.newStub(channel)
            .send(
                new StreamObserver<>() {
                  @Override
                  public void onNext(Response response) {
                    responses.add(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    end.set(Status.fromThrowable(failure));
                  }

                  @Override
                  public void onCompleted() {
                    end.set(Status.OK);
                  }
                });
  }

  ManagedChannel channel() {
    return channel;
  }

  void send(Request request) {
    requests.onNext(request);
  }

  void complete() {
    requests.onCompleted();
  }

  /// Says hello for lane 0 from sequence 1 on, and waits for the welcome.
  void hello(String agent, long incarnation) {
    send(
        Request.newBuilder()
            .setVersion(2)
            .setHello(
                Hello.newBuilder()
                    .setAgent(agent)
                    .setIncarnation(incarnation)
                    .addLanes(LaneState.newBuilder().setFirstUnacked(1).setNextSequence(1)))
            .build());
    eventually("a welcome", () -> responses.stream().anyMatch(Response::hasWelcome));
  }

  /// A correct frame of one message, to be changed or sent.
  static Frame.Builder frame(long sequence, String body) {
    Batch batch = MemoryLane.batch("t", body);
    return FrameCodec.encode(0, sequence, batch).getFrame().toBuilder();
  }

  void sendFrame(Frame.Builder frame) {
    send(Request.newBuilder().setVersion(2).setFrame(frame).build());
  }

  /// Recomputes the checksum of a frame that was changed.
  static Frame.Builder sealed(Frame.Builder frame) {
    Bytes header = FrameCodec.unwrap(frame.getHeader());
    return frame.setCrc32C(Batch.crc32c(header, FrameCodec.unwrap(frame.getPayload())));
  }

  List<Response> responses() {
    return List.copyOf(responses);
  }

  List<Nack> nacks() {
    return responses.stream().filter(Response::hasNack).map(Response::getNack).toList();
  }

  List<ServiceMessage> infos() {
    return responses.stream().filter(Response::hasInfo).map(Response::getInfo).toList();
  }

  /// Ids acked so far, of version 1.
  List<String> ackedIds() {
    return responses.stream()
        .filter(Response::hasAck)
        .flatMap(response -> response.getAck().getMessageIdsList().stream())
        .map(id -> id.toStringUtf8())
        .toList();
  }

  /// The highest sequence acked on lane 0.
  long acked() {
    return responses.stream()
        .filter(Response::hasLaneAck)
        .mapToLong(response -> response.getLaneAck().getDurableSequence())
        .max()
        .orElse(0);
  }

  /// How the stream ended, or null while it is open.
  @Nullable Status end() {
    return end.get();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    transport.close();
  }
}
