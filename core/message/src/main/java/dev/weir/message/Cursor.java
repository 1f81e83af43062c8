package dev.weir.message;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;

/// An opaque token for a set of positions: where a subscription continues, the same on every
/// protocol.
///
/// ```
///  byte 0       version = 1
///       1       number of positions n, 1 to 255
///       2 ..    n × { u8 name length, UTF-8 name, u16 partition, u64 offset }   big-endian
///      last 4   CRC32C of all before, so that a mistyped token is told from an old one
/// ```
///
/// Written as unpadded URL-safe base64 behind `w1`.
///
/// @param positions next message to deliver in each partition
public record Cursor(List<Position> positions) {
  private static final String PREFIX = "w1";
  private static final byte VERSION = 1;

  public Cursor {
    positions = List.copyOf(positions);
    if (positions.isEmpty() || positions.size() > 255) {
      throw new IllegalArgumentException(
          "positions has " + positions.size() + " entries, expected 1 to 255");
    }
  }

  public static Cursor of(Position position) {
    return new Cursor(List.of(position));
  }

  /// The token.
  public String token() {
    ByteBuffer out = ByteBuffer.allocate(6 + positions.size() * (11 + 255));
    out.put(VERSION).put((byte) positions.size());
    for (Position position : positions) {
      byte[] name = position.stream().getBytes(StandardCharsets.UTF_8);
      out.put((byte) name.length).put(name);
      out.putShort((short) position.partition()).putLong(position.offset());
    }
    out.putInt(crc(out.array(), out.position()));
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Reads a token.
  ///
  /// @throws WeirException with INVALID_CURSOR when it is not one of ours
  public static Cursor parse(String token) {
    try {
      if (!token.startsWith(PREFIX)) {
        throw invalid(token);
      }
      byte[] bytes = Base64.getUrlDecoder().decode(token.substring(PREFIX.length()));
      ByteBuffer in = ByteBuffer.wrap(bytes);
      if (in.get() != VERSION || in.getInt(bytes.length - 4) != crc(bytes, bytes.length - 4)) {
        throw invalid(token);
      }
      int count = in.get() & 0xff;
      List<Position> positions = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        byte[] name = new byte[in.get() & 0xff];
        in.get(name);
        positions.add(
            new Position(
                new String(name, StandardCharsets.UTF_8), in.getShort() & 0xffff, in.getLong()));
      }
      return new Cursor(positions);
    } catch (IllegalArgumentException | BufferUnderflowException | IndexOutOfBoundsException _) {
      throw invalid(token);
    }
  }

  private static WeirException invalid(String token) {
    return new WeirException(ErrorCode.INVALID_CURSOR, "'" + token + "' is not a cursor.");
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  @Override
  public String toString() {
    return token();
  }
}
