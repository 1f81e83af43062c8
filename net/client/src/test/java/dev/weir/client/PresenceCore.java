package dev.weir.client;

import dev.weir.proto.v1.JoinRequest;
import dev.weir.proto.v1.JoinResponse;
import dev.weir.proto.v1.PresenceGrpc;
import dev.weir.testkit.Eventually;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// The smallest core that members enter. It answers when it is told to, in the order in which it
/// was asked.
final class PresenceCore implements AutoCloseable {
  private record Asked(JoinRequest request, StreamObserver<JoinResponse> answers) {}

  private final Server server;
  private final List<Asked> asked = new ArrayList<>();
  private int answered;

  PresenceCore() {
    try {
      this.server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .directExecutor()
              .addService(new Service())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  WeirClient client() {
    return WeirClient.connect(URI.create("weir://127.0.0.1:" + server.getPort()));
  }

  /// Waits until it was asked so often.
  JoinRequest awaitRequest(int count) {
    return Eventually.eventuallyPresent(
        "request " + count + " comes",
        () -> {
          synchronized (this) {
            return asked.size() < count ? null : asked.get(count - 1).request();
          }
        });
  }

  /// Answers the oldest request that has no answer.
  synchronized void answer() {
    Asked next = asked.get(answered++);
    next.answers()
        .onNext(
            JoinResponse.newBuilder()
                .setNumber(next.request().getNumber())
                .setSequence(answered)
                .build());
  }

  /// Ends the newest call, as a core does that closes.
  synchronized void endCall() {
    answered = asked.size();
    asked.getLast().answers().onCompleted();
  }

  private final class Service extends PresenceGrpc.PresenceImplBase {
    @Override
    public StreamObserver<JoinRequest> join(StreamObserver<JoinResponse> answers) {
      return new StreamObserver<>() {
        @Override
        public void onNext(JoinRequest request) {
          synchronized (PresenceCore.this) {
            asked.add(new Asked(request, answers));
          }
        }

        @Override
        public void onError(Throwable cause) {
          // The client is gone.
        }

        @Override
        public void onCompleted() {
          answers.onCompleted();
        }
      };
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
