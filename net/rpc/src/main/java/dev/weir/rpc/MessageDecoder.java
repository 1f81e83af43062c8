package dev.weir.rpc;

import io.grpc.Codec;
import io.grpc.Decompressor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;

/// Reads messages of one call from bodies, see [MessageEncoder].
///
/// Owned by whoever hands the call's messages over, one thread at a time.
final class MessageDecoder<T> {
  private final Marshaller<T> marshaller;
  private final int maxBytes;
  private Decompressor decompressor = Codec.Identity.NONE;
  private long messageBytes;

  /// @param maxBytes the largest message taken, after decompression
  MessageDecoder(Marshaller<T> marshaller, int maxBytes) {
    this.marshaller = marshaller;
    this.maxBytes = maxBytes;
  }

  void use(Decompressor other) {
    decompressor = other;
  }

  /// Bytes of the latest message after decompression.
  long messageBytes() {
    return messageBytes;
  }

  /// Parses a message.
  ///
  /// @param flags those that stood before it
  /// @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when it is larger than allowed,
  ///   INTERNAL when it cannot be decompressed, or the marshaller's
  T decode(int flags, ByteBuf buffer, int index, int length) {
    if (length > maxBytes) {
      throw tooLarge(length);
    }
    BodyStream body = new BodyStream(buffer, index, length);
    if ((flags & UnaryBody.COMPRESSED) == 0) {
      messageBytes = length;
      return marshaller.parse(body);
    }
    if (decompressor instanceof Codec.Identity) {
      throw Status.INTERNAL
          .withDescription("A message came compressed, but no encoding was said before")
          .asRuntimeException();
    }
    return inflate(body);
  }

  private T inflate(BodyStream body) {
    try (LimitedStream limited = new LimitedStream(decompressor.decompress(body))) {
      T message = marshaller.parse(limited);
      messageBytes = limited.count;
      return message;
    } catch (IOException e) {
      throw Status.INTERNAL
          .withDescription("A message could not be decompressed")
          .withCause(e)
          .asRuntimeException();
    }
  }

  /// How a call ends whose message could not be read.
  static Status unreadable(RuntimeException fault) {
    return fault instanceof StatusRuntimeException known
        ? known.getStatus()
        : Status.CANCELLED.withDescription("A message could not be read").withCause(fault);
  }

  private RuntimeException tooLarge(long bytes) {
    return Status.RESOURCE_EXHAUSTED
        .withDescription("Message of " + bytes + " bytes exceeds maximum size " + maxBytes)
        .asRuntimeException();
  }

  /// Refuses to be read beyond the limit: a small body may hold a very large message.
  private final class LimitedStream extends InputStream {
    private final InputStream in;
    private long count;

    LimitedStream(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      int next = in.read();
      return next < 0 ? next : counted(1, next);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = in.read(target, offset, length);
      return read < 0 ? read : counted(read, read);
    }

    private int counted(int bytes, int result) {
      count += bytes;
      if (count > maxBytes) {
        throw tooLarge(count);
      }
      return result;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
