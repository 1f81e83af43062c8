package dev.weir.bench.rtt;

import dev.weir.base.ByteSize;
import dev.weir.remote.ByteMarshaller;
import dev.weir.wire.WireLimits;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.nio.ByteBuffer;

/// The request of the bench: many bytes there, their number back.
final class Upload {
  /// The largest request, with room for what frames it.
  static final int MAX_BYTES = 110 << 20;

  static final String SERVICE = "weir.bench.Upload";
  static final MethodDescriptor<byte[], byte[]> METHOD =
      MethodDescriptor.<byte[], byte[]>newBuilder(ByteMarshaller.BYTES, ByteMarshaller.BYTES)
          .setType(MethodType.UNARY)
          .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Put"))
          .build();

  /// As by default, but a message may be larger, and a small one may wait beside it.
  static final WireLimits LIMITS =
      WireLimits.STANDARD
          .withMessage(ByteSize.ofMebibytes(128))
          .withQueue(ByteSize.ofMebibytes(256));

  private Upload() {}

  static byte[] answer(int bytes) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(bytes).array();
  }
}
