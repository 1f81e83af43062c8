package dev.weir.wire;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;

/// What a stream is for, said once when it is opened. In the OPEN frame the deadline, the route and
/// the metadata stand in the extension block, the priority in the flags, and the body is:
///
/// ```
///  +-----------+--------+----------+-------+
///  | methodLen | method | codecLen | codec |   what follows is of a later version and skipped
///  | u16       | UTF-8  | u8       | UTF-8 |
///  +-----------+--------+----------+-------+
/// ```
///
/// @param method what is asked for, 1 to 1024 bytes
/// @param codec how bodies are encoded, at most 255 bytes, free text of the two ends
/// @param metadata more about it
/// @param deadlineMicros what is left of the time for the whole stream; -1 for no deadline, 0 for
///   none left, at most 2^32 - 1
/// @param priority against other streams of this connection, in both directions; not CONTROL
public record OpenRequest(
    String method, String codec, Metadata metadata, long deadlineMicros, Priority priority) {
  static final long MAX_DEADLINE_MICROS = 0xffff_ffffL;

  public OpenRequest {
    Checks.range("bytes of the method", Bytes.utf8(method).length(), 1, 1024);
    Checks.range("bytes of the codec", Bytes.utf8(codec).length(), 0, 255);
    Checks.range("deadlineMicros", deadlineMicros, -1, MAX_DEADLINE_MICROS);
    Checks.argument(priority != Priority.CONTROL, "priority is CONTROL, expected another one");
  }

  /// A stream without metadata and deadline.
  public static OpenRequest of(String method) {
    return new OpenRequest(method, "", Metadata.EMPTY, -1, Priority.NORMAL);
  }

  public OpenRequest with(Metadata more) {
    return new OpenRequest(method, codec, more, deadlineMicros, priority);
  }

  public OpenRequest withCodec(String other) {
    return new OpenRequest(method, other, metadata, deadlineMicros, priority);
  }

  public OpenRequest with(Priority other) {
    return new OpenRequest(method, codec, metadata, deadlineMicros, other);
  }

  public OpenRequest withDeadlineMicros(long micros) {
    return new OpenRequest(method, codec, metadata, micros, priority);
  }

  void encodeBody(ByteBuf out) {
    Bytes name = Bytes.utf8(method);
    out.writeShort(name.length()).writeBytes(name.buffer());
    Bytes kind = Bytes.utf8(codec);
    out.writeByte(kind.length()).writeBytes(kind.buffer());
  }

  /// Reads an OPEN frame.
  ///
  /// @throws WeirException MALFORMED
  static OpenRequest decode(FrameView frame) {
    Fields in = new Fields(frame.buffer(), frame.bodyIndex(), frame.bodyBytes());
    String method = in.text(in.u16());
    String codec = in.text(in.u8());
    Priority priority = Priority.of(frame.flags());
    try {
      return new OpenRequest(
          method,
          codec,
          frame.metadata(),
          frame.deadlineMicros(),
          priority == Priority.CONTROL ? Priority.NORMAL : priority);
    } catch (IllegalArgumentException e) {
      throw new WeirException(ErrorCode.MALFORMED, "An OPEN is refused: " + e.getMessage(), e);
    }
  }
}
