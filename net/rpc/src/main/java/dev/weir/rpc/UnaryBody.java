package dev.weir.rpc;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.wire.Metadata;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// Bodies of calls and replies on a stream that many unary calls share: what a stream of its own
/// says in OPEN, OPEN_ACK and END stands before the message, if there is any.
///
/// ```
///  +-------+---------+---------+---------+----------+---------+
///  | flags | headLen | headers | tailLen | trailers | message |
///  | u8    | u16     |         | u16     |          |         |
///  +-------+---------+---------+---------+----------+---------+
///            with HEADERS        with TRAILERS
/// ```
///
/// Flags: bit 0 COMPRESSED, bit 1 HEADERS, bit 2 TRAILERS, bit 3 STATUS: then a code (u8) and its
/// text in UTF-8 stand where the message would. A failure without metadata is the wire's own.
final class UnaryBody {
  static final int COMPRESSED = 1;
  static final int HEADERS = 2;
  static final int TRAILERS = 4;
  static final int STATUS = 8;

  /// Beyond it a call gets a stream of its own, so that others need not wait behind it: the
  /// smallest frame that every peer takes, less room for what stands before it.
  static final int MAX_SHARED_BYTES = 12 << 10;

  private UnaryBody() {}

  /// A message's body with metadata put before it; takes the body over.
  static ByteBuf with(Metadata headers, Metadata trailers, ByteBuf body) {
    if (headers.isEmpty() && trailers.isEmpty()) {
      return body;
    }
    ByteBuf out = Unpooled.buffer(256);
    int flags = body.getByte(body.readerIndex());
    flags |= headers.isEmpty() ? 0 : HEADERS;
    flags |= trailers.isEmpty() ? 0 : TRAILERS;
    out.writeByte(flags);
    section(out, headers);
    section(out, trailers);
    body.skipBytes(1);
    ByteBuf whole = Unpooled.wrappedBuffer(out, body);
    return whole;
  }

  private static void section(ByteBuf out, Metadata metadata) {
    if (metadata.isEmpty()) {
      return;
    }
    int lengthAt = out.writerIndex();
    out.writeShort(0);
    metadata.encode(out);
    out.setShort(lengthAt, out.writerIndex() - lengthAt - Short.BYTES);
  }

  /// The body of a failure that brings metadata.
  static ByteBuf failure(int code, String text) {
    ByteBuf body = Unpooled.buffer(64);
    body.writeByte(STATUS);
    body.writeByte(code);
    body.writeCharSequence(text, java.nio.charset.StandardCharsets.UTF_8);
    return body;
  }

  /// A body taken apart.
  static final class Parts {
    final int flags;
    final Metadata headers;
    final Metadata trailers;
    final int index;
    final int length;

    /// @throws WeirException MALFORMED
    Parts(ByteBuf buffer, int index, int length) {
      if (length < 1) {
        throw malformed(length);
      }
      int end = index + length;
      int at = index + 1;
      flags = buffer.getByte(index);
      if ((flags & HEADERS) != 0) {
        headers = section(buffer, at, end);
        at += Short.BYTES + buffer.getUnsignedShort(at);
      } else {
        headers = Metadata.EMPTY;
      }
      if ((flags & TRAILERS) != 0) {
        trailers = section(buffer, at, end);
        at += Short.BYTES + buffer.getUnsignedShort(at);
      } else {
        trailers = Metadata.EMPTY;
      }
      this.index = at;
      this.length = end - at;
    }

    boolean isFailure() {
      return (flags & STATUS) != 0;
    }

    /// The status that stands where the message would.
    io.grpc.Status status(ByteBuf buffer) {
      return length < 1
          ? io.grpc.Status.UNKNOWN
          : StatusCodec.of(
              buffer.getUnsignedByte(index),
              buffer.toString(index + 1, length - 1, java.nio.charset.StandardCharsets.UTF_8));
    }

    private static Metadata section(ByteBuf buffer, int at, int end) {
      if (end - at < Short.BYTES || end - at - Short.BYTES < buffer.getUnsignedShort(at)) {
        throw malformed(end - at);
      }
      return Metadata.decode(buffer, at + Short.BYTES, buffer.getUnsignedShort(at));
    }

    private static WeirException malformed(int bytes) {
      return new WeirException(
          ErrorCode.MALFORMED, "The body of a call ends too early, with " + bytes + " bytes.");
    }
  }
}
