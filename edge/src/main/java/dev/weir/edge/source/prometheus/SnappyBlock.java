package dev.weir.edge.source.prometheus;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.compression.Snappy;
import org.jspecify.annotations.Nullable;

/// Reads Snappy's block format, which remote write uses (google/snappy format_description.txt): the
/// decoded length as a varint, then literals and copies. Netty decodes; here is what makes it safe
/// for bytes of strangers.
final class SnappyBlock {
  /// The longest copy, 64 bytes, takes three: nothing decodes to more.
  private static final int MAX_RATIO = 22;

  private SnappyBlock() {}

  /// Decodes a whole block. Its claim is judged before anything is allocated.
  ///
  /// @param maxBytes the most that it may decode to
  /// @throws WeirException with TOO_LARGE, DECOMPRESSION_REFUSED or MALFORMED
  static Bytes decode(Bytes packed, int maxBytes) {
    int length = decodedLength(packed, maxBytes);
    ByteBuf in = Unpooled.wrappedBuffer(packed.array(), packed.arrayOffset(), packed.length());
    ByteBuf out = Unpooled.buffer(length, length);
    try {
      new Snappy().decode(in, out);
    } catch (RuntimeException e) { // Netty tells broken blocks by exceptions of several kinds.
      throw malformed("does not decode", e);
    }
    if (out.readableBytes() != length || in.isReadable()) {
      throw malformed("has another length than it says", null);
    }
    return Bytes.wrap(out.array(), out.arrayOffset(), length);
  }

  private static int decodedLength(Bytes packed, int maxBytes) {
    long length = 0;
    int index = 0;
    byte b;
    do {
      if (index >= packed.length() || index == 5) {
        throw malformed("does not begin with its length", null);
      }
      b = packed.at(index);
      length |= (b & 0x7fL) << (7 * index++);
    } while (b < 0);
    if (length > maxBytes) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "The body decodes to " + length + " bytes, at most " + maxBytes + " are taken.");
    }
    if (length > (long) MAX_RATIO * packed.length()) {
      throw new WeirException(
          ErrorCode.DECOMPRESSION_REFUSED,
          "The body of " + packed.length() + " bytes claims to hold " + length + ".");
    }
    return (int) length;
  }

  private static WeirException malformed(String fault, @Nullable Exception cause) {
    String detail = "The snappy block " + fault + ".";
    return cause == null
        ? new WeirException(ErrorCode.MALFORMED, detail)
        : new WeirException(ErrorCode.MALFORMED, detail, cause);
  }
}
