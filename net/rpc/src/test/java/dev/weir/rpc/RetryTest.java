package dev.weir.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireServer;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls that a server says it did not process, on a shared stream: made once more.
final class RetryTest {
  /// Leaves the first calls unprocessed, by a reply or with their stream.
  private static final class Refusing implements ConnectionHandler, StreamHandler {
    private final int refusals;
    private final AtomicInteger calls = new AtomicInteger();

    Refusing(int refusals) {
      this.refusals = refusals;
    }

    @Override
    public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
      return Optional.of(this);
    }

    @Override
    public void onMessage(WireStream stream, MessageView message) {
      if (calls.incrementAndGet() <= refusals) {
        stream.reply(
            message.mid(), WireStatus.unprocessed(StatusCode.RESOURCE_EXHAUSTED, "Not now."));
      } else {
        stream.reply(message.mid(), message.retainedBody());
      }
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void makesACallOnceMoreAndTracesItOnce(int refusals) throws Exception {
    Refusing refusing = new Refusing(refusals);
    try (RpcEnds ends = new RpcEnds();
        WireServer server =
            WireServer.start(
                ends.serverLoops,
                ends.serverContext,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                () -> refusing)) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
      WireChannel channel =
          ends.channel(
              WireChannelBuilder.to(address).loops(ends.clientLoops).context(ends.clientContext));
      Tracing tracing = new Tracing();
      Heard heard = new Heard();
      ClientCall<byte[], byte[]> call =
          channel.newCall(ByteMethods.UNARY, CallOptions.DEFAULT.withStreamTracerFactory(tracing));

      call.start(heard, new io.grpc.Metadata());
      call.request(2);
      call.sendMessage(new byte[16]);
      call.halfClose();

      Status.Code expected = refusals < 2 ? Status.Code.OK : Status.Code.RESOURCE_EXHAUSTED;
      assertThat(heard.await().getCode()).isEqualTo(expected);
      assertThat(refusing.calls).hasValue(Math.min(refusals + 1, 2));
      assertThat(tracing.headers).hasValue(1);
    }
  }

  /// A tracer that throws ends its call, which otherwise nobody would.
  @Test
  void endsACallWhoseTracerThrows() throws Exception {
    try (RpcEnds ends = new RpcEnds()) {
      ends.serve(ByteMethods.serving(ByteMethods.UNARY, Handling.byHand()));
      Heard heard = new Heard();
      ClientStreamTracer.Factory throwing =
          new ClientStreamTracer.Factory() {
            @Override
            public ClientStreamTracer newClientStreamTracer(
                ClientStreamTracer.StreamInfo info, io.grpc.Metadata headers) {
              return new ClientStreamTracer() {
                @Override
                public void outboundHeaders() {
                  throw new IllegalStateException("a fault of the tracer's");
                }
              };
            }
          };
      ClientCall<byte[], byte[]> call =
          ends.channel()
              .newCall(ByteMethods.UNARY, CallOptions.DEFAULT.withStreamTracerFactory(throwing));

      call.start(heard, new io.grpc.Metadata());
      call.sendMessage(new byte[16]);
      call.halfClose();

      assertThat(heard.await().getCode()).isEqualTo(Status.Code.UNKNOWN);
    }
  }

  private static final class Tracing extends ClientStreamTracer.Factory {
    private final AtomicInteger headers = new AtomicInteger();

    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, io.grpc.Metadata sent) {
      return new ClientStreamTracer() {
        @Override
        public void outboundHeaders() {
          headers.incrementAndGet();
        }
      };
    }
  }
}
