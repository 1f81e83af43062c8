package dev.weir.it;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Frames of HTTP/2 (RFC 9113) and gRPC written by hand, so that a test can lie in every field.
///
///     0        3      4       5           9
///     ├────────┼──────┼───────┼───────────┼────────
///     │ length │ type │ flags │ stream id │ payload
///
/// Header blocks use HPACK's literal form without indexing and without Huffman coding (RFC 7541
/// section 6.2.2), which every decoder must take.
final class Http2Bytes {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /// The client's preface and empty settings.
  Http2Bytes open() {
    bytes.writeBytes(PREFACE.getBytes(StandardCharsets.US_ASCII));
    return frame(SETTINGS, 0, 0, new byte[0]);
  }

  /// The head of a gRPC call on stream 1.
  Http2Bytes call(String path) {
    return frame(HEADERS, END_HEADERS, 1, head(path));
  }

  /// The header block of a gRPC call.
  static byte[] head(String path) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    header(block, ":method", "POST");
    header(block, ":scheme", "http");
    header(block, ":path", path);
    header(block, ":authority", "localhost");
    header(block, "content-type", "application/grpc");
    header(block, "te", "trailers");
    return block.toByteArray();
  }

  /// A header block with many headers, each of 120 bytes.
  static byte[] headers(int count) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      header(block, "x-%08d".formatted(i), "y".repeat(100));
    }
    return block.toByteArray();
  }

  private static void header(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    block.write(name.length());
    block.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    block.write(value.length());
    block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  /// A gRPC message whose prefix says `statedLength`, whatever the body is.
  Http2Bytes message(int flags, int statedLength, byte[] body) {
    byte[] prefixed =
        ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(statedLength).put(body).array();
    return frame(DATA, flags, 1, prefixed);
  }

  Http2Bytes frame(int type, int flags, int stream, byte[] payload) {
    return frame(type, flags, stream, payload.length, payload);
  }

  /// A frame whose header says `statedLength`, whatever the payload is.
  Http2Bytes frame(int type, int flags, int stream, int statedLength, byte[] payload) {
    ByteBuffer head = ByteBuffer.allocate(9);
    head.put((byte) (statedLength >>> 16))
        .put((byte) (statedLength >>> 8))
        .put((byte) statedLength);
    head.put((byte) type).put((byte) flags).putInt(stream);
    bytes.writeBytes(head.array());
    bytes.writeBytes(payload);
    return this;
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
