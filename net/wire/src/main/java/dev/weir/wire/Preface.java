package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;

/// The first 8 bytes of a client, which no TLS, HTTP, MQTT or AMQP connection begins with:
///
/// ```
///  0   1   2   3   4       5       6         8
///  +---+---+---+---+-------+-------+---------+
///  | W | E | I | R | major | minor | flags 0 |
///  +---+---+---+---+-------+-------+---------+
/// ```
///
/// The version is that of the frame format behind it; HELLO lists all that the client speaks. A
/// server says nothing of the kind: its first frame is HELLO_ACK or GOAWAY.
public final class Preface {
  public static final int BYTES = 8;

  static final int MAGIC = 0x57454952;

  private int seen;
  private int major;

  /// Whether the bytes so far, at least one, may begin a connection of this protocol: for a
  /// listener that tells protocols apart. Looks at four bytes at most and moves nothing.
  public static boolean mayBegin(ByteBuf in) {
    int count = Math.min(4, in.readableBytes());
    for (int i = 0; i < count; i++) {
      if (in.getByte(in.readerIndex() + i) != magicByte(i)) {
        return false;
      }
    }
    return count > 0;
  }

  private static byte magicByte(int at) {
    return (byte) (MAGIC >>> (8 * (3 - at)));
  }

  static void write(ByteBuf out) {
    out.writeInt(MAGIC).writeByte(1).writeByte(0).writeShort(0);
  }

  /// Reads on, as far as the buffer goes.
  ///
  /// @return whether all of it was read
  /// @throws WeirException MALFORMED for other bytes, UNSUPPORTED_VERSION for another frame format
  boolean read(ByteBuf in) {
    while (seen < BYTES && in.isReadable()) {
      byte next = in.readByte();
      if (seen < 4 && next != magicByte(seen)) {
        throw new WeirException(
            ErrorCode.MALFORMED, "The connection does not begin with WEIR at byte " + seen + ".");
      }
      if (seen == 4) {
        major = next & 0xff;
      }
      seen++;
    }
    if (seen == BYTES && major != 1) {
      throw new WeirException(
          ErrorCode.UNSUPPORTED_VERSION, "The preface names version " + major + ", expected 1.");
    }
    return seen == BYTES;
  }
}
