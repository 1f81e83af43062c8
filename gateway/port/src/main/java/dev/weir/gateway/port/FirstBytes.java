package dev.weir.gateway.port;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Tells protocols apart by what a connection says first. Pure.
///
/// ```
///  first bytes                                                protocol
///  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"  (RFC 9113 §3.4)        GRPC
///  "GET " "HEAD " "POST " …            (RFC 9110 §9)          HTTP1
///  "WEIR"                      (net/wire, Preface)             WIRE
///  0x16                                (RFC 8446 §5.1)        TLS
///  "\r\n\r\n\0\r\nQUIT\n"               (PROXY protocol 2 §2.2)    PROXY
///  anything else                                              refused
/// ```
final class FirstBytes {
  /// What the first bytes are so far.
  enum Guess {
    GRPC,
    HTTP1,
    WIRE,
    TLS,
    PROXY,
    UNKNOWN,
    /// A beginning of more than one of them: read on.
    UNDECIDED
  }

  private static final byte[] HTTP2_PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final List<byte[]> HTTP1_METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT")
          .stream()
          .map(method -> (method + " ").getBytes(StandardCharsets.US_ASCII))
          .toList();

  private static final byte[] WIRE_PREFACE = "WEIR".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] PROXY_HEADER =
      "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);

  private static final int TLS_HANDSHAKE = 0x16;

  private FirstBytes() {}

  /// Judges the readable bytes without reading them; at most 24 matter.
  static Guess guess(ByteBuf in) {
    if (!in.isReadable()) {
      return Guess.UNDECIDED;
    }
    if (in.getByte(in.readerIndex()) == TLS_HANDSHAKE) {
      return Guess.TLS;
    }
    if (startsAlike(in, HTTP2_PREFACE)) {
      return in.readableBytes() >= HTTP2_PREFACE.length ? Guess.GRPC : Guess.UNDECIDED;
    }
    if (startsAlike(in, WIRE_PREFACE)) {
      return in.readableBytes() >= WIRE_PREFACE.length ? Guess.WIRE : Guess.UNDECIDED;
    }
    if (startsAlike(in, PROXY_HEADER)) {
      return in.readableBytes() >= PROXY_HEADER.length ? Guess.PROXY : Guess.UNDECIDED;
    }
    boolean isUndecided = false;
    for (byte[] method : HTTP1_METHODS) {
      if (startsAlike(in, method)) {
        if (in.readableBytes() >= method.length) {
          return Guess.HTTP1;
        }
        isUndecided = true;
      }
    }
    return isUndecided ? Guess.UNDECIDED : Guess.UNKNOWN;
  }

  /// Whether the bytes and the expected ones agree as far as both go.
  private static boolean startsAlike(ByteBuf in, byte[] expected) {
    int count = Math.min(in.readableBytes(), expected.length);
    for (int i = 0; i < count; i++) {
      if (in.getByte(in.readerIndex() + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
