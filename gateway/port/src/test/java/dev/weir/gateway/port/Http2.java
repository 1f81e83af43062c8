package dev.weir.gateway.port;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// Just enough of HTTP/2 to misbehave by hand (RFC 9113 §4.1, RFC 7541 §6.2.2).
final class Http2 {
  static final byte[] EMPTY_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private Http2() {}

  static byte[] headers(int stream, String path) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    literal(block, ":method", "POST");
    literal(block, ":scheme", "http");
    literal(block, ":path", path);
    literal(block, ":authority", "localhost");
    literal(block, "content-type", "application/grpc");
    literal(block, "te", "trailers");
    return frame(HEADERS, END_HEADERS, stream, block.toByteArray());
  }

  static byte[] data(int stream, byte[] payload) {
    return frame(DATA, 0, stream, payload);
  }

  /// A header that is neither indexed nor compressed.
  private static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    block.write(name.length());
    block.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    block.write(value.length());
    block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        new byte[] {
          (byte) (payload.length >>> 16),
          (byte) (payload.length >>> 8),
          (byte) payload.length,
          (byte) type,
          (byte) flags,
          0,
          0,
          0,
          (byte) stream
        });
    out.writeBytes(payload);
    return out.toByteArray();
  }

  /// Reads frames until the server ends or resets the stream.
  static boolean readUntilStreamEnds(InputStream stream, int id) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    while (true) {
      int word = in.readInt();
      int flags = in.readUnsignedByte();
      int of = in.readInt();
      in.readNBytes(word >>> 8);
      int type = word & 0xff;
      boolean isEnd = type == RST_STREAM || (type <= HEADERS && (flags & END_STREAM) != 0);
      if (of == id && isEnd) {
        return true;
      }
    }
  }
}
