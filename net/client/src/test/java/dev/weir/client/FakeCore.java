package dev.weir.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weir.base.Bytes;
import dev.weir.message.Batch;
import dev.weir.message.BatchReader;
import dev.weir.message.Codec;
import dev.weir.message.Message;
import dev.weir.proto.DataSinkGrpc;
import dev.weir.proto.Frame;
import dev.weir.proto.Hello;
import dev.weir.proto.LaneAck;
import dev.weir.proto.LaneDurable;
import dev.weir.proto.ReceiptDurability;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import dev.weir.proto.Welcome;
import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.SubscribeRequest;
import dev.weir.proto.v1.SubscribeResponse;
import dev.weir.testkit.Eventually;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The smallest core that keeps the two contracts: it stores frames once and in order, acks them,
/// and delivers what it stored within the credit. It can be stopped and started again with what it
/// stored, hold its acks back, and forget the beginning of its log.
///
/// Everything happens under its monitor.
final class FakeCore implements AutoCloseable {
  static final String STREAM = "main";
  private static final int MAX_MESSAGE_BYTES = 20 << 20;

  private final List<Message> log = new ArrayList<>();
  private final Map<String, Long> durable = new HashMap<>();
  private final List<FakeReader> readers = new ArrayList<>();
  private final List<Runnable> heldAcks = new ArrayList<>();
  private final boolean isKeeping;
  private Server server;
  private int port;
  private int forgotten;
  private int sessions;
  private int subscriptions;
  private int subscriptionFailure;
  private long violations;
  private long offset;
  private boolean isHolding;
  private @Nullable Integer endCallsAfter;

  /// @param isKeeping false only counts what is published
  FakeCore(boolean isKeeping) throws IOException {
    this.isKeeping = isKeeping;
    this.server = listen(0);
    this.port = server.getPort();
  }

  FakeCore() throws IOException {
    this(true);
  }

  private Server listen(int at) throws IOException {
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), at))
        .directExecutor()
        .initialFlowControlWindow(4 << 20)
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .addService(new Sink())
        .addService(new Reading())
        .build()
        .start();
  }

  URI uri() {
    return URI.create("weir://127.0.0.1:" + port);
  }

  /// Cuts every connection and stops listening.
  void stop() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      readers.clear();
      heldAcks.clear();
    }
  }

  /// Listens at the same port again, once whoever took it meanwhile has left.
  void start() {
    server =
        Eventually.eventuallyPresent(
            "port " + port + " is free",
            () -> {
              try {
                return listen(port);
              } catch (IOException _) {
                return null;
              }
            });
  }

  @Override
  public void close() {
    stop();
  }

  synchronized List<Message> log() {
    return List.copyOf(log);
  }

  synchronized long stored() {
    return offset;
  }

  synchronized int sessions() {
    return sessions;
  }

  synchronized int subscriptions() {
    return subscriptions;
  }

  synchronized int readers() {
    return readers.size();
  }

  /// Times that a client broke a contract.
  synchronized long violations() {
    return violations;
  }

  synchronized void violated() {
    violations++;
  }

  /// Stores frames but says nothing.
  synchronized void holdAcks() {
    isHolding = true;
  }

  synchronized void releaseAcks() {
    isHolding = false;
    heldAcks.forEach(Runnable::run);
    heldAcks.clear();
  }

  /// Loses the messages below an offset, as retention does.
  synchronized void forget(int below) {
    forgotten = below;
  }

  /// Ends each subscription with this code of the error registry.
  synchronized void failSubscriptions(int code) {
    subscriptionFailure = code;
  }

  /// Ends each subscription call after so many messages, as a restarting core does.
  synchronized void endCallsAfter(int messages) {
    endCallsAfter = messages;
  }

  synchronized void store(Message... messages) {
    for (Message message : messages) {
      log.add(message);
      offset++;
    }
    List.copyOf(readers).forEach(FakeReader::pump);
  }

  int forgotten() {
    return forgotten;
  }

  @Nullable Integer endsCallsAfter() {
    return endCallsAfter;
  }

  int subscriptionFailure() {
    return subscriptionFailure;
  }

  Message at(int index) {
    return log.get(index);
  }

  int size() {
    return log.size();
  }

  void leave(FakeReader reader) {
    readers.remove(reader);
  }

  private final class Reading extends BrokerGrpc.BrokerImplBase {
    @Override
    public StreamObserver<SubscribeRequest> subscribe(StreamObserver<SubscribeResponse> out) {
      synchronized (FakeCore.this) {
        subscriptions++;
        FakeReader reader = new FakeReader(FakeCore.this, out);
        readers.add(reader);
        return reader;
      }
    }
  }

  private final class Sink extends DataSinkGrpc.DataSinkImplBase {
    @Override
    public StreamObserver<Request> send(StreamObserver<Response> out) {
      return new Session(out);
    }
  }

  private final class Session implements StreamObserver<Request> {
    private final StreamObserver<Response> out;
    private String source = "";

    Session(StreamObserver<Response> out) {
      this.out = out;
    }

    @Override
    public void onNext(Request request) {
      synchronized (FakeCore.this) {
        switch (request.getPayloadCase()) {
          case HELLO -> welcome(request.getHello());
          case FRAME -> frame(request.getFrame());
          case HEARTBEAT -> {
            long nonce = request.getHeartbeat().getNonce();
            if (nonce != 0) {
              Response.Builder beat = Response.newBuilder().setVersion(2);
              beat.getHeartbeatBuilder().setEchoNonce(nonce);
              out.onNext(beat.build());
            }
          }
          case BYE -> out.onCompleted();
          default -> violations++;
        }
      }
    }

    private void welcome(Hello hello) {
      sessions++;
      source = hello.getAgent() + "/" + hello.getIncarnation();
      Welcome.Builder welcome =
          Welcome.newBuilder()
              .setSession(sessions)
              .setCreditLimitBytes(Long.MAX_VALUE / 2)
              .setMaxFrameBytes(17 << 20)
              .setHeartbeatMillis(5_000)
              .setDurability(ReceiptDurability.RECEIPT_DURABILITY_DURABLE)
              .setNode("fake");
      hello
          .getLanesList()
          .forEach(lane ->
              welcome.addLanes(
                  LaneDurable.newBuilder()
                      .setLane(lane.getLane())
                      .setDurableSequence(durable.getOrDefault(source, 0L))));
      out.onNext(Response.newBuilder().setVersion(2).setWelcome(welcome).build());
    }

    private void frame(Frame frame) {
      long last = durable.getOrDefault(source, 0L);
      if (frame.getSequence() != last + 1) {
        violations += frame.getSequence() > last ? 1 : 0;
        return;
      }
      durable.put(source, frame.getSequence());
      long base = offset;
      if (isKeeping) {
        store(BatchReader.read(batch(frame)).toArray(Message[]::new));
      } else {
        offset += frame.getCount();
      }
      LaneAck ack =
          LaneAck.newBuilder()
              .setLane(frame.getLane())
              .setDurableSequence(frame.getSequence())
              .setStream(STREAM)
              .addBaseOffsets(base)
              .build();
      Response response = Response.newBuilder().setVersion(2).setLaneAck(ack).build();
      if (isHolding) {
        heldAcks.add(() -> out.onNext(response));
      } else {
        out.onNext(response);
      }
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {
      out.onCompleted();
    }
  }

  private static Batch batch(Frame frame) {
    return new Batch(
        Codec.of(frame.getCodec()),
        frame.getCount(),
        frame.getRawLength(),
        Bytes.wrap(frame.getHeader().toByteArray()),
        Bytes.wrap(frame.getPayload().toByteArray()));
  }

  static ByteString wire(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.buffer());
  }
}
