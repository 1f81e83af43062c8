package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.WeirException;
import dev.weir.proto.Response;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class GrpcCarrierTest {
  private final ManagedChannel real =
      ManagedChannelBuilder.forAddress("127.0.0.1", 1).usePlaintext().build();
  private final List<String> down = new CopyOnWriteArrayList<>();
  private final AtomicReference<GrpcCarrier> carrier = new AtomicReference<>();

  /// What is told to the duty.
  private final class Told implements CarrierListener {
    @Override
    public void onReady() {}

    @Override
    public void onResponse(Response response, long cost) {}

    @Override
    public void onDown(String reason, @Nullable WeirException refusal) {
      down.add(reason);
    }
  }

  /// A real channel, whose calls are aborted in the midst of their start. There gRPC's own calls
  /// throw when they are cancelled, for some nanoseconds; these do so for certain.
  private final class Slow extends ManagedChannel {
    @Override
    public <A, B> ClientCall<A, B> newCall(MethodDescriptor<A, B> method, CallOptions options) {
      return new SimpleForwardingClientCall<>(real.newCall(method, options)) {
        private boolean isStarted;

        @Override
        public void start(Listener<B> listener, Metadata headers) {
          carrier.get().abort("the time to connect is over");
          super.start(listener, headers);
          isStarted = true;
        }

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {
          if (!isStarted) {
            throw new IllegalStateException("May only be called after start");
          }
          super.cancel(message, cause);
        }
      };
    }

    @Override
    public String authority() {
      return real.authority();
    }

    @Override
    public ManagedChannel shutdown() {
      return real.shutdown();
    }

    @Override
    public ManagedChannel shutdownNow() {
      return real.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
      return real.isShutdown();
    }

    @Override
    public boolean isTerminated() {
      return real.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
      return real.awaitTermination(timeout, unit);
    }
  }

  /// The duty gave up on a connection while another thread began its call: the link died of it.
  @Test
  void isAbortedWhileItsCallIsBeingStarted() {
    carrier.set(new GrpcCarrier(new Slow(), new Told()));

    carrier.get().begin();

    eventually("it is down", () -> !down.isEmpty());
    eventually("nothing is left of it", real::isTerminated);
    assertThat(down).hasSize(1);
  }
}
