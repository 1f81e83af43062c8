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
  private static final int MAX_POSITIONS = 255;
  private static final int MAX_POSITION_BYTES = 11 + Position.MAX_STREAM_BYTES;

  /// The base64 of the longest cursor, so that nothing longer is decoded.
  private static final int MAX_TOKEN_LENGTH =
      2 + (6 + MAX_POSITIONS * MAX_POSITION_BYTES + 2) / 3 * 4;

  public Cursor {
    positions = List.copyOf(positions);
    if (positions.isEmpty() || positions.size() > MAX_POSITIONS) {
      throw new IllegalArgumentException(
          "positions has " + positions.size() + " entries, expected 1 to 255");
    }
  }

  public static Cursor of(Position position) {
    return new Cursor(List.of(position));
  }

  /// The token.
  public String token() {
    ByteBuffer out = ByteBuffer.allocate(6 + positions.size() * MAX_POSITION_BYTES);
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
      if (!token.startsWith(PREFIX) || token.length() > MAX_TOKEN_LENGTH) {
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
      if (in.position() != bytes.length - 4) {
        throw invalid(token);
      }
      return new Cursor(positions);
    } catch (IllegalArgumentException | BufferUnderflowException | IndexOutOfBoundsException _) {
      throw invalid(token);
    }
  }

  private static WeirException invalid(String token) {
    String shown = token.length() > 80 ? token.substring(0, 80) + "…" : token;
    return new WeirException(ErrorCode.INVALID_CURSOR, "'" + shown + "' is not a cursor.");
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
