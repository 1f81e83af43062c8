package dev.weir.bench.ops;

import dev.weir.remote.BatchCodec;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;

/// Serves [Echo] as fast as gRPC lets it: no observers, messages asked for ahead.
final class EchoService implements BindableService {
  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(Echo.SERVICE)
        .addMethod(Echo.UNARY, unary())
        .addMethod(Echo.STREAM, (call, _) -> new Stream(open(call)))
        .addMethod(Echo.BATCH, (call, _) -> new Batches(open(call)))
        .build();
  }

  private static ServerCallHandler<byte[], byte[]> unary() {
    return (call, _) -> {
      call.request(2); // The message and what proves that there is no second one.
      return new ServerCall.Listener<>() {
        private byte[] body = new byte[0];

        @Override
        public void onMessage(byte[] message) {
          body = message;
        }

        @Override
        public void onHalfClose() {
          call.sendHeaders(new Metadata());
          call.sendMessage(body);
          call.close(Status.OK, new Metadata());
        }
      };
    };
  }

  private static ServerCall<byte[], byte[]> open(ServerCall<byte[], byte[]> call) {
    call.setOnReadyThreshold(1 << 20);
    call.request(Integer.MAX_VALUE);
    call.sendHeaders(new Metadata());
    return call;
  }

  private static class Stream extends ServerCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> call;

    Stream(ServerCall<byte[], byte[]> call) {
      this.call = call;
    }

    @Override
    public void onMessage(byte[] message) {
      call.sendMessage(message);
    }

    @Override
    public void onHalfClose() {
      call.close(Status.OK, new Metadata());
    }
  }

  private static final class Batches extends Stream {
    private final BatchCodec answers;

    Batches(ServerCall<byte[], byte[]> call) {
      super(call);
      answers = new BatchCodec(call::sendMessage);
    }

    @Override
    public void onMessage(byte[] message) {
      BatchCodec.split(message, answers::add);
      answers.flush();
    }
  }
}
