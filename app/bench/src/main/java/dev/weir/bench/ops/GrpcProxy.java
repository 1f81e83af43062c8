package dev.weir.bench.ops;

import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.List;

/// What a router is with gRPC: each call is made again towards the storage, messages pass as bytes.
final class GrpcProxy implements BindableService {
  private final Channel storage;

  GrpcProxy(Channel storage) {
    this.storage = storage;
  }

  @Override
  public ServerServiceDefinition bindService() {
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(Echo.SERVICE);
    for (MethodDescriptor<byte[], byte[]> method : List.of(Echo.UNARY, Echo.STREAM, Echo.BATCH)) {
      service.addMethod(method, (call, _) -> pass(method, call));
    }
    return service.build();
  }

  private ServerCall.Listener<byte[]> pass(
      MethodDescriptor<byte[], byte[]> method, ServerCall<byte[], byte[]> from) {
    int ahead = method.getType() == MethodDescriptor.MethodType.UNARY ? 2 : Integer.MAX_VALUE;
    ClientCall<byte[], byte[]> to =
        storage.newCall(method, CallOptions.DEFAULT.withOnReadyThreshold(1 << 20));
    to.start(new Back(from), new Metadata());
    to.request(ahead);
    from.request(ahead);
    return new Forth(to);
  }

  private static final class Forth extends ServerCall.Listener<byte[]> {
    private final ClientCall<byte[], byte[]> to;

    Forth(ClientCall<byte[], byte[]> to) {
      this.to = to;
    }

    @Override
    public void onMessage(byte[] message) {
      to.sendMessage(message);
    }

    @Override
    public void onHalfClose() {
      to.halfClose();
    }

    @Override
    public void onCancel() {
      to.cancel("the client has gone", null);
    }
  }

  private static final class Back extends ClientCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> from;

    Back(ServerCall<byte[], byte[]> from) {
      this.from = from;
    }

    @Override
    public void onHeaders(Metadata headers) {
      from.sendHeaders(new Metadata());
    }

    @Override
    public void onMessage(byte[] message) {
      from.sendMessage(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (!from.isCancelled()) {
        from.close(status, new Metadata());
      }
    }
  }
}
