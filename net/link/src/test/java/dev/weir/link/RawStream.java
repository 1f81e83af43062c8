package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;

import com.google.protobuf.InvalidProtocolBufferException;
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
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireSecurity;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A client that knows nothing but the schema: sends what it is told, remembers what comes.
final class RawStream implements AutoCloseable {
  private final GrpcTransport transport = GrpcTransport.start("test-raw", 1);
  private final List<Response> responses = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Status> end = new AtomicReference<>();
  private final Way way;

  /// How it gets to the core.
  private interface Way {
    void send(Request request);

    void complete();

    void close();
  }

  /// Over gRPC, in plain text.
  RawStream(int port) {
    this(DirectPath.GRPC, port);
  }

  RawStream(LinkPath path, int port) {
    this.way =
        switch (path.scheme()) {
          case GRPC, GRPCS -> new Stub(transport.channel(path.uri(port), path.tls()).build());
          case WIRE, WIRES, WEIR, WEIRS -> new Wire(path, port);
        };
  }

  /// The channel of a stream over gRPC.
  ManagedChannel channel() {
    return ((Stub) way).channel;
  }

  void send(Request request) {
    way.send(request);
  }

  void complete() {
    way.complete();
  }

  /// The generated stub.
  private final class Stub implements Way, StreamObserver<Response> {
    private final ManagedChannel channel;
    private final StreamObserver<Request> requests;

    Stub(ManagedChannel channel) {
      this.channel = channel;
      this.requests = DataSinkGrpc.newStub(channel).send(this);
    }

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

    @Override
    public void send(Request request) {
      requests.onNext(request);
    }

    @Override
    public void complete() {
      requests.onCompleted();
    }

    @Override
    public void close() {
      channel.shutdownNow();
      try {
        channel.awaitTermination(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// A stream of wire, and messages as protobuf writes them.
  private final class Wire implements Way, StreamHandler {
    private final WireConnection connection;
    private final WireStream stream;

    Wire(LinkPath path, int port) {
      WireSecurity security =
          path.scheme().isSecure()
              ? WireSecurity.NONE.with(path.tls().wireClient())
              : WireSecurity.NONE;
      this.connection =
          new WireConnector(transport.wireLoops(), WireContext.of("raw").with(security))
              .connect(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                  new ConnectionHandler() {})
              .toCompletableFuture()
              .join();
      Metadata route =
          new Metadata(List.of(new Metadata.Entry("weir-route", Bytes.wrap(new byte[8]))));
      this.stream = connection.open(OpenRequest.of("link/2").with(route), this);
    }

    @Override
    public void onMessage(WireStream own, MessageView message) {
      try {
        responses.add(
            Response.parseFrom(
                message.buffer().nioBuffer(message.bodyIndex(), message.bodyBytes())));
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("the core sent what cannot be decoded", e);
      }
    }

    @Override
    public void onClosed(WireStream own, WireStatus status, Metadata trailers) {
      end.set(Status.fromCodeValue(status.code().number()).withDescription(status.detail()));
    }

    @Override
    public void send(Request request) {
      stream.send(Unpooled.wrappedBuffer(request.toByteArray()));
    }

    @Override
    public void complete() {
      stream.end();
    }

    @Override
    public void close() {
      connection.close();
    }
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
    way.close();
    transport.close();
  }
}
