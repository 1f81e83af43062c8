package dev.weir.edge.spool;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where sources stand, as it is written into the origin of a frame's header. Little-endian,
/// repeated to the end:
///
/// ```
///  byte 0      u16 key length, then the key, UTF-8
///       ..     u16 value length, then the value; an empty one forgets the key
/// ```
public final class Positions {
  private Positions() {}

  /// @throws IllegalArgumentException when a key or value has more than 65,535 bytes
  public static Bytes encode(Map<String, Bytes> positions) {
    ByteBuffer out = ByteBuffer.allocate(bytes(positions)).order(ByteOrder.LITTLE_ENDIAN);
    positions.forEach((key, value) -> {
      byte[] name = key.getBytes(StandardCharsets.UTF_8);
      Checks.range("key length", name.length, 1, 65_535);
      Checks.range("value length", value.length(), 0, 65_535);
      out.putShort((short) name.length).put(name).putShort((short) value.length());
      value.copyTo(out);
    });
    return Bytes.wrap(out.array(), 0, out.position());
  }

  /// @throws WeirException with MALFORMED when it is cut short
  public static Map<String, Bytes> decode(Bytes encoded) {
    Map<String, Bytes> positions = new LinkedHashMap<>();
    ByteBuffer in = encoded.buffer().order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (in.hasRemaining()) {
        byte[] key = new byte[in.getShort() & 0xffff];
        in.get(key);
        byte[] value = new byte[in.getShort() & 0xffff];
        in.get(value);
        positions.put(new String(key, StandardCharsets.UTF_8), Bytes.wrap(value));
      }
    } catch (BufferUnderflowException e) {
      throw new WeirException(ErrorCode.MALFORMED, "The positions of sources are cut short.", e);
    }
    return positions;
  }

  /// An upper bound of the encoded size.
  static int bytes(Map<String, Bytes> positions) {
    int bytes = 0;
    for (Map.Entry<String, Bytes> entry : positions.entrySet()) {
      bytes += 4 + 3 * entry.getKey().length() + entry.getValue().length();
    }
    return bytes;
  }
}
