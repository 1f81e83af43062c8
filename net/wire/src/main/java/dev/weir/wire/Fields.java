package dev.weir.wire;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// Reads the cold parts of the protocol field by field and refuses to read beyond their end. For
/// one thread, once.
final class Fields {
  private final ByteBuf buffer;
  private final int end;
  private int index;

  Fields(ByteBuf buffer, int index, int length) {
    this.buffer = buffer;
    this.index = index;
    this.end = index + length;
  }

  int remaining() {
    return end - index;
  }

  int u8() {
    return buffer.getUnsignedByte(take(1));
  }

  int u16() {
    return buffer.getUnsignedShort(take(2));
  }

  int i32() {
    return buffer.getInt(take(4));
  }

  long i64() {
    return buffer.getLong(take(8));
  }

  /// UTF-8; malformed input becomes U+FFFD.
  String text(int length) {
    return buffer.toString(take(length), length, StandardCharsets.UTF_8);
  }

  Bytes bytes(int length) {
    byte[] copy = new byte[length];
    buffer.getBytes(take(length), copy);
    return Bytes.wrap(copy);
  }

  /// The next bytes as fields of their own; this reader continues behind them.
  Fields part(int length) {
    return new Fields(buffer, take(length), length);
  }

  private int take(int count) {
    if (count > end - index) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "A field of " + count + " bytes begins " + remaining() + " before the end.");
    }
    int at = index;
    index += count;
    return at;
  }
}
