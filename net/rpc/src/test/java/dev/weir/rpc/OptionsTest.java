package dev.weir.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What callers and servers may choose: interceptors, compression, credentials, executors.
final class OptionsTest {
  private static final Metadata.Key<String> MARK =
      Metadata.Key.of("x-mark", Metadata.ASCII_STRING_MARSHALLER);

  private final RpcEnds ends = new RpcEnds();

  @AfterEach
  void close() throws Exception {
    ends.close();
  }

  private static Heard call(Channel channel, CallOptions options, byte[] message) {
    Heard heard = new Heard();
    ClientCall<byte[], byte[]> call = channel.newCall(ByteMethods.UNARY, options);
    call.start(heard, new Metadata());
    call.request(2);
    call.sendMessage(message);
    call.halfClose();
    return heard;
  }

  @Test
  void runsTheInterceptorsOfBothEnds() throws Exception {
    Handling handling = Handling.byHand();
    List<String> order = new CopyOnWriteArrayList<>();
    ends.serve(
        ends.serverBuilder()
            .intercept(noting(order, "first"))
            .intercept(noting(order, "second"))
            .addService(ByteMethods.serving(ByteMethods.UNARY, handling)));
    WireChannel channel = ends.channel(ends.channelBuilder().intercept(new Marking()));

    Heard heard = call(channel, CallOptions.DEFAULT, new byte[3]);
    Handling.Served served = handling.next();
    served.answer(new byte[0]);

    assertThat(heard.await().isOk()).isTrue();
    assertThat(served.headers.get(MARK)).isEqualTo("marked");
    assertThat(order).containsExactly("second", "first");
  }

  private static ServerInterceptor noting(List<String> order, String name) {
    return new ServerInterceptor() {
      @Override
      public <Q, A> io.grpc.ServerCall.Listener<Q> interceptCall(
          io.grpc.ServerCall<Q, A> call, Metadata headers, io.grpc.ServerCallHandler<Q, A> next) {
        order.add(name);
        return next.startCall(call, headers);
      }
    };
  }

  private static final class Marking implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          headers.put(MARK, "marked");
          super.start(listener, headers);
        }
      };
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1 << 20})
  void compressesRequestsAndReplies(int bytes) throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(ByteMethods.UNARY, handling));

    Heard heard =
        call(
            ends.channel(),
            CallOptions.DEFAULT.withCompression("gzip"),
            ByteMethods.filled(bytes, 3));
    Handling.Served served = handling.next();
    byte[] request = served.messages.poll(20, TimeUnit.SECONDS);
    served.call.setCompression("gzip");
    served.answer(ByteMethods.filled(bytes, 4));

    assertThat(heard.await().isOk()).isTrue();
    assertThat(request).isEqualTo(ByteMethods.filled(bytes, 3));
    assertThat(served.headers.get(MetadataCodec.ENCODING)).isEqualTo("gzip");
    assertThat(heard.headers().get(MetadataCodec.ENCODING)).isEqualTo("gzip");
    assertThat(heard.messages).containsExactly(ByteMethods.filled(bytes, 4));
  }

  @Test
  void refusesASmallBodyThatHoldsALargeMessage() throws Exception {
    ends.serve(
        ends.serverBuilder()
            .maxInboundMessageSize(100_000)
            .addService(ByteMethods.serving(ByteMethods.UNARY, Handling.echo())));

    Heard heard =
        call(
            ends.channel(),
            CallOptions.DEFAULT.withCompression("gzip"),
            ByteMethods.filled(100_001, 0));

    assertThat(heard.await().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void failsForACompressorThatIsNotThere() throws Exception {
    ends.serve(ByteMethods.serving(ByteMethods.UNARY, Handling.echo()));

    Heard heard =
        call(ends.channel(), CallOptions.DEFAULT.withCompression("none-such"), new byte[3]);

    assertThat(heard.await().getCode()).isEqualTo(Status.Code.INTERNAL);
  }

  @Test
  void sendsWhatItsCredentialsSay() throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(ByteMethods.UNARY, handling));
    WireChannel channel = ends.channel();

    Heard heard =
        call(channel, CallOptions.DEFAULT.withCallCredentials(credentials(true)), new byte[3]);
    Handling.Served served = handling.next();
    served.answer(new byte[0]);
    Heard refused =
        call(channel, CallOptions.DEFAULT.withCallCredentials(credentials(false)), new byte[3]);

    assertThat(heard.await().isOk()).isTrue();
    assertThat(served.headers.get(MARK)).isEqualTo("who");
    assertThat(refused.await().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  private static CallCredentials credentials(boolean isKnown) {
    return new CallCredentials() {
      @Override
      public void applyRequestMetadata(
          RequestInfo request, Executor executor, MetadataApplier applier) {
        executor.execute(() -> {
          if (isKnown) {
            Metadata headers = new Metadata();
            headers.put(MARK, "who");
            applier.apply(headers);
          } else {
            applier.fail(Status.UNAUTHENTICATED);
          }
        });
      }
    };
  }

  @Test
  void runsOnTheExecutorsThatAreGiven() throws Exception {
    try (ExecutorService serving = Executors.newFixedThreadPool(2, named("serving"));
        ExecutorService calling = Executors.newFixedThreadPool(2, named("calling"))) {
      List<String> threads = new CopyOnWriteArrayList<>();
      ends.serve(
          ends.serverBuilder()
              .executor(serving)
              .addService(
                  ByteMethods.serving(
                      ByteMethods.UNARY,
                      (call, headers) -> {
                        threads.add(Thread.currentThread().getName());
                        return Handling.echo().startCall(call, headers);
                      })));
      Heard heard = new Heard();
      Channel channel = ends.channel();
      ClientCall<byte[], byte[]> call =
          channel.newCall(ByteMethods.UNARY, CallOptions.DEFAULT.withExecutor(calling));
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onClose(Status status, Metadata trailers) {
              threads.add(Thread.currentThread().getName());
              heard.onClose(status, trailers);
            }
          },
          new Metadata());
      call.request(2);
      call.sendMessage(new byte[3]);
      call.halfClose();

      assertThat(heard.await().isOk()).isTrue();
      assertThat(threads).containsExactly("serving", "calling");
      ends.close();
    }
  }

  private static java.util.concurrent.ThreadFactory named(String name) {
    return task -> new Thread(task, name);
  }

  @Test
  void tellsServicesWhoWasCalledAndFromWhere() throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(ByteMethods.UNARY, handling));
    WireChannel channel =
        ends.channel(ends.channelBuilder().overrideAuthority("store.example").userAgent("tester"));

    Heard shared = call(channel, CallOptions.DEFAULT, new byte[3]);
    Handling.Served first = handling.next();
    Heard own = call(channel, CallOptions.DEFAULT.withAuthority("other.example"), new byte[3]);
    Handling.Served second = handling.next();

    assertThat(first.call.getAuthority()).isEqualTo("store.example");
    assertThat(second.call.getAuthority()).isEqualTo("other.example");
    assertThat(first.headers.get(Metadata.Key.of("user-agent", Metadata.ASCII_STRING_MARSHALLER)))
        .isEqualTo("tester");
    assertThat(first.call.getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR))
        .isEqualTo(ends.address());
    first.answer(new byte[0]);
    second.answer(new byte[0]);
    assertThat(shared.await().isOk()).isTrue();
    assertThat(own.await().isOk()).isTrue();
  }
}
