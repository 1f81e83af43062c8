package dev.weir.wire;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// Frames with checksums and compressed bodies, written without any class of the product.
final class AgreedFrames {
  static final String PREFACE = "57454952 0100 0000\n";

  /// Versions 1.0, features CRC and ZSTD.
  static final String HELLO =
      "00000012 01 00 0040 00000000 00000000  0001 0002 0100 0002 0008 0000000000000018\n";

  static final String OPEN_ECHO = "00000007 10 80 0040 00000001 00000000  0004 6563686f 00\n";

  private AgreedFrames() {}

  /// A call on stream 1.
  ///
  /// @param flags in hexadecimal, besides the priority
  static String call(int mid, int flags, byte[] behindHeader) {
    return "%08x 12 %02x 0040 00000001 %08x  %s\n"
        .formatted(behindHeader.length, 0x80 | flags, mid, HexFormat.of().formatHex(behindHeader));
  }

  /// With a checksum at its end, of `covered`.
  static byte[] sealed(byte[] payload, byte[] covered) {
    CRC32C crc = new CRC32C();
    crc.update(covered);
    return join(payload, ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  static byte[] sealed(byte[] payload) {
    return sealed(payload, payload);
  }

  /// A compressed body that announces so many bytes.
  static byte[] packed(int announced, byte[] plain) {
    return join(ByteBuffer.allocate(4).putInt(announced).array(), Zstd.compress(plain));
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
