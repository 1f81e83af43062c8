package dev.weir.bench.ops;

import dev.weir.remote.ByteMarshaller;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;

/// The gRPC methods of the bench: what comes goes back. Bodies are bytes, so that no codec is
/// measured.
final class Echo {
  static final String SERVICE = "weir.bench.Echo";
  static final MethodDescriptor<byte[], byte[]> UNARY = method(MethodType.UNARY, "Unary");
  static final MethodDescriptor<byte[], byte[]> STREAM =
      method(MethodType.BIDI_STREAMING, "Stream");

  /// Messages are batches: see [dev.weir.remote.BatchCodec].
  static final MethodDescriptor<byte[], byte[]> BATCH = method(MethodType.BIDI_STREAMING, "Batch");

  private Echo() {}

  private static MethodDescriptor<byte[], byte[]> method(MethodType type, String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder(ByteMarshaller.BYTES, ByteMarshaller.BYTES)
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .build();
  }
}
