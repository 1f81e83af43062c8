package dev.weir.bench.ops;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// The gRPC methods of the bench: what comes goes back. Bodies are bytes, so that no codec is
/// measured.
final class Echo {
  static final String SERVICE = "weir.bench.Echo";
  static final MethodDescriptor<byte[], byte[]> UNARY = method(MethodType.UNARY, "Unary");
  static final MethodDescriptor<byte[], byte[]> STREAM = method(MethodType.BIDI_STREAMING, "Stream");

  /// Messages are batches: see [BatchCodec].
  static final MethodDescriptor<byte[], byte[]> BATCH = method(MethodType.BIDI_STREAMING, "Batch");

  private Echo() {}

  private static MethodDescriptor<byte[], byte[]> method(MethodType type, String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder(Raw.MARSHALLER, Raw.MARSHALLER)
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .build();
  }

  private enum Raw implements MethodDescriptor.Marshaller<byte[]> {
    MARSHALLER;

    @Override
    public InputStream stream(byte[] value) {
      return new KnownBytes(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream instanceof KnownLength
            ? stream.readNBytes(stream.available())
            : stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Spares gRPC one copy.
  private static final class KnownBytes extends ByteArrayInputStream
      implements KnownLength, Drainable {
    KnownBytes(byte[] bytes) {
      super(bytes);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int bytes = count - pos;
      target.write(buf, pos, bytes);
      pos = count;
      return bytes;
    }
  }
}
