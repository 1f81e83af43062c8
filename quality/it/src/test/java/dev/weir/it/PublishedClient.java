package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import dev.weir.it.published.DataSinkGrpc;
import dev.weir.it.published.Request;
import dev.weir.it.published.Response;
import dev.weir.it.published.ServiceMessage;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A client generated from the published schema alone: version 1 on one stream, as a user writes it
/// who never heard of Weir. One thread sends; answers arrive on gRPC's threads.
final class PublishedClient implements AutoCloseable {
  private final ManagedChannel channel;
  private final StreamObserver<Request> requests;
  private final List<String> acked = Collections.synchronizedList(new ArrayList<>());
  private final List<ServiceMessage> infos = new CopyOnWriteArrayList<>();
  private volatile @Nullable Status ended;

  PublishedClient(InetSocketAddress address) {
    channel =
        NettyChannelBuilder.forAddress(address.getHostString(), address.getPort())
            .usePlaintext()
            .build();
    requests =
        DataSinkGrpc.newStub(channel)
            .send(
                new StreamObserver<>() {
                  @Override
                  public void onNext(Response response) {
                    receive(response);
                  }

                  @Override
                  public void onError(Throwable fault) {
                    ended = Status.fromThrowable(fault);
                  }

                  @Override
                  public void onCompleted() {
                    ended = Status.OK;
                  }
                });
  }

  private void receive(Response response) {
    switch (response.getResponseCase()) {
      case ACK -> response.getAck().getMessageIdsList().forEach(id -> acked.add(id.toStringUtf8()));
      case INFO -> infos.add(response.getInfo());
      case RESPONSE_NOT_SET -> {
        // An answer that came after version 1; such a client sees nothing in it.
      }
    }
  }

  /// Sends a message as it is.
  void sendPlain(String id, String body) {
    send(message(id).setPlainMessage(ByteString.copyFromUtf8(body)).build());
  }

  /// Sends a message as one zstd frame.
  void sendZstd(String id, String body) {
    byte[] frame = Zstd.compress(body.getBytes(StandardCharsets.UTF_8));
    send(message(id).setZstdCompressed(ByteString.copyFrom(frame)).build());
  }

  /// Sends whatever a peer may send.
  void send(Request request) {
    requests.onNext(request);
  }

  static Request.Builder message(String id) {
    return Request.newBuilder().setVersion(1).setMessageId(ByteString.copyFromUtf8(id));
  }

  /// Says that nothing more follows.
  void complete() {
    requests.onCompleted();
  }

  /// The ids acked so far, in the order of arrival.
  List<String> acked() {
    synchronized (acked) {
      return List.copyOf(acked);
    }
  }

  int ackedCount() {
    return acked.size();
  }

  /// The id acked as the n-th, from 0.
  String acked(int index) {
    return acked.get(index);
  }

  /// Whether the server or the network has ended the stream.
  boolean isEnded() {
    return ended != null;
  }

  List<ServiceMessage> infos() {
    return List.copyOf(infos);
  }

  /// The text of an info, which the published schema does not name yet: its field 3.
  static String text(ServiceMessage info) {
    return info.getUnknownFields().getField(3).getLengthDelimitedList().stream()
        .map(ByteString::toStringUtf8)
        .collect(Collectors.joining());
  }

  void awaitAcked(int count) {
    try {
      eventually(count + " acks", () -> acked.size() >= count);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ": " + acked.size() + " came, ended " + ended, e);
    }
  }

  /// Waits for the end of the stream and returns how the server ended it.
  Status awaitEnd() {
    eventually("the server ends the stream", () -> ended != null);
    @Nullable Status status = ended;
    return status == null ? Status.UNKNOWN : status;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
