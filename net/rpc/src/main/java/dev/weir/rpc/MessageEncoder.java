package dev.weir.rpc;

import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Makes bodies of one call's messages:
///
/// ```
///  +-------+---------+
///  | flags | message |   flags: see UnaryBody; on a stream of its own only COMPRESSED
///  | u8    |         |
///  +-------+---------+
/// ```
///
/// Owned by whoever sends on the call, one thread at a time.
final class MessageEncoder {
  /// The collector frees smaller ones whatever becomes of the call: bodies on shared streams wait
  /// in places that nobody clears.
  private static final int POOLED_BYTES = UnaryBody.MAX_SHARED_BYTES;

  private final int maxBytes;
  private Compressor compressor = Codec.Identity.NONE;
  private boolean isCompressing = true;
  private long messageBytes;

  /// @param maxBytes the largest message sent, before compression
  MessageEncoder(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  void use(Compressor other) {
    compressor = other;
  }

  void compressing(boolean isOn) {
    isCompressing = isOn;
  }

  boolean isIdentity() {
    return compressor instanceof Codec.Identity;
  }

  /// Bytes of the latest message before compression.
  long messageBytes() {
    return messageBytes;
  }

  /// Encodes a message; the caller releases the body.
  ///
  /// @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when it is larger than allowed
  ByteBuf encode(InputStream message) {
    try (message) {
      int known = message instanceof KnownLength ? message.available() : -1;
      check(known);
      return isCompressing && !isIdentity() ? compressed(message) : plain(message, known);
    } catch (IOException e) {
      throw Status.INTERNAL
          .withDescription("A message could not be encoded")
          .withCause(e)
          .asRuntimeException();
    }
  }

  private void check(long bytes) {
    if (bytes > maxBytes) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription("message too large " + bytes + " > " + maxBytes)
          .asRuntimeException();
    }
  }

  private ByteBuf plain(InputStream message, int known) throws IOException {
    ByteBuf body =
        known < POOLED_BYTES
            ? Unpooled.buffer(1 + Math.max(known, 64))
            : PooledByteBufAllocator.DEFAULT.directBuffer(1 + known);
    boolean isDone = false;
    try {
      body.writeByte(0);
      copy(message, new ByteBufOutputStream(body));
      messageBytes = body.readableBytes() - 1L;
      check(messageBytes);
      isDone = true;
      return body;
    } finally {
      if (!isDone) {
        body.release();
      }
    }
  }

  private ByteBuf compressed(InputStream message) throws IOException {
    ByteBuf body = Unpooled.buffer(256);
    body.writeByte(UnaryBody.COMPRESSED);
    CountingStream counting =
        new CountingStream(compressor.compress(new ByteBufOutputStream(body)));
    try (counting) {
      copy(message, counting);
    }
    messageBytes = counting.count();
    check(messageBytes);
    return body;
  }

  private static void copy(InputStream message, OutputStream out) throws IOException {
    if (message instanceof Drainable drainable) {
      var _ = drainable.drainTo(out);
    } else {
      var _ = message.transferTo(out);
    }
  }

  private static final class CountingStream extends OutputStream {
    private final OutputStream out;
    private long count;

    CountingStream(OutputStream out) {
      this.out = out;
    }

    long count() {
      return count;
    }

    @Override
    public void write(int b) throws IOException {
      count++;
      out.write(b);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      count += length;
      out.write(source, offset, length);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
