package dev.weir.rpc;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/// A service whose messages are bytes as they are, one method of each kind.
final class ByteMethods {
  static final MethodDescriptor<byte[], byte[]> UNARY = method(MethodType.UNARY, "Unary");
  static final MethodDescriptor<byte[], byte[]> COLLECT =
      method(MethodType.CLIENT_STREAMING, "Collect");
  static final MethodDescriptor<byte[], byte[]> EXPAND =
      method(MethodType.SERVER_STREAMING, "Expand");
  static final MethodDescriptor<byte[], byte[]> BIDI = method(MethodType.BIDI_STREAMING, "Bidi");

  private ByteMethods() {}

  private static MethodDescriptor<byte[], byte[]> method(MethodType type, String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder(Raw.MARSHALLER, Raw.MARSHALLER)
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName("test.Bytes", name))
        .build();
  }

  /// Serves one method.
  static BindableService serving(
      MethodDescriptor<byte[], byte[]> method, ServerCallHandler<byte[], byte[]> handler) {
    return () -> ServerServiceDefinition.builder("test.Bytes").addMethod(method, handler).build();
  }

  static byte[] filled(int bytes, int value) {
    byte[] array = new byte[bytes];
    Arrays.fill(array, (byte) value);
    return array;
  }

  private enum Raw implements MethodDescriptor.Marshaller<byte[]> {
    MARSHALLER;

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
