package dev.weir.gateway.port;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/// A gRPC service without a schema: it returns the bytes it got.
final class Echo {
  static final MethodDescriptor<byte[], byte[]> METHOD =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("echo.Echo/Echo")
          .setRequestMarshaller(new RawBytes())
          .setResponseMarshaller(new RawBytes())
          .build();

  static final ServerServiceDefinition SERVICE =
      ServerServiceDefinition.builder("echo.Echo")
          .addMethod(
              METHOD,
              ServerCalls.<byte[], byte[]>asyncUnaryCall((request, observer) -> {
                observer.onNext(request);
                observer.onCompleted();
              }))
          .build();

  private Echo() {}

  /// The same, which also tells who called.
  static ServerServiceDefinition telling(AtomicReference<Peer> caller) {
    return ServerInterceptors.intercept(
        SERVICE,
        new ServerInterceptor() {
          @Override
          public <Q, A> ServerCall.Listener<Q> interceptCall(
              ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            caller.set(Objects.requireNonNull(call.getAttributes().get(Peer.ATTRIBUTE)));
            return next.startCall(call, headers);
          }
        });
  }

  private static final class RawBytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
