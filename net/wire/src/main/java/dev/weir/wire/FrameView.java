package dev.weir.wire;

import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/// A frame where it lies in the receive buffer: one view per connection, set anew for each frame,
/// valid only during the callback that it is passed to. Nothing is copied or allocated; whoever
/// keeps the body takes [#retainedBody].
///
/// A retained slice keeps the whole receive buffer (up to 1 MiB) alive: copy what is small and kept
/// for long.
///
/// Owned by the connection's event loop.
public final class FrameView {
  private final ByteBuf none;
  private ByteBuf buffer;
  private int index;
  private long first;
  private long second;
  private FrameType type = FrameType.UNKNOWN;
  private int bitmap;
  private int extBytes;
  private int trailerBytes;

  /// What the body is larger by than it lies here.
  private int packedAwayBytes;

  /// @param none what the view holds between frames
  FrameView(ByteBuf none) {
    this.none = none;
    this.buffer = none;
  }

  /// Points the view at a whole frame whose length was checked.
  ///
  /// @param firstWord the first 8 bytes of the frame
  /// @throws WeirException MALFORMED when the extension block does not fit its frame
  void set(ByteBuf source, int at, long firstWord) {
    buffer = source;
    index = at;
    first = firstWord;
    second = source.getLong(at + Long.BYTES);
    type = FrameType.of(FrameHeader.typeCode(first));
    bitmap = 0;
    extBytes = 0;
    trailerBytes = 0;
    packedAwayBytes = 0;
    int shape = FrameHeader.flags(first) & (FrameHeader.EXT | FrameHeader.AGREED);
    if (shape != 0) {
      readShape(shape);
    }
  }

  private void readShape(int shape) {
    if ((shape & FrameHeader.EXT) != 0) {
      readExt();
    }
    if (!type.isCredited()) {
      return;
    }
    if ((shape & FrameHeader.CRC) != 0) {
      trailerBytes = FrameCrc.BYTES;
      if (bodyBytes() < 0) {
        throw malformed("no checksum in " + len() + " bytes");
      }
    }
    if ((shape & FrameHeader.ZSTD) != 0) {
      packedAwayBytes = PackedBody.packedAwayBytes(buffer, bodyIndex(), bodyBytes());
    }
  }

  private void readExt() {
    int len = len();
    if (len < FrameExt.FIXED_BYTES) {
      throw malformed("an extension block of " + len + " bytes");
    }
    int at = index + FrameHeader.BYTES;
    int size = 2 + buffer.getUnsignedShort(at);
    bitmap = buffer.getUnsignedShort(at + 2);
    int needed = FrameExt.FIXED_BYTES + FrameExt.fieldBytes(bitmap);
    if (size > len || needed > size) {
      throw malformed("an extension block of " + size + " bytes in " + len);
    }
    if (has(FrameExt.META) && needed + metaBytes() > size) {
      throw malformed("metadata of " + metaBytes() + " bytes in an extension of " + size);
    }
    extBytes = size;
  }

  private static WeirException malformed(String what) {
    return new WeirException(ErrorCode.MALFORMED, "A frame holds " + what + ".");
  }

  /// Lets go of the buffer; the view is not to be read until it is set again.
  void clear() {
    buffer = none;
  }

  public FrameType type() {
    return type;
  }

  /// Bytes behind the header.
  public int len() {
    return (int) FrameHeader.len(first);
  }

  /// What the frame costs of stream and connection credit: its bytes, header included, with the
  /// body as it is when it is not compressed, since that is what its receiver will hold.
  public int frameBytes() {
    return FrameHeader.BYTES + len() + packedAwayBytes;
  }

  /// Whether the body is compressed: [#bodyBytes] and [#retainedBody] are as it lies here. No frame
  /// comes to a handler that is flagged so and announces what cannot be.
  public boolean isCompressed() {
    return packedAwayBytes != 0;
  }

  /// Bytes of the body when it is not compressed.
  int plainBytes() {
    return bodyBytes() + packedAwayBytes;
  }

  boolean hasCrc() {
    return trailerBytes != 0;
  }

  int extBytes() {
    return extBytes;
  }

  int bitmap() {
    return bitmap;
  }

  /// The checksum at the end of a frame that has one.
  int crc() {
    return buffer.getInt(bodyIndex() + bodyBytes());
  }

  int flags() {
    return FrameHeader.flags(first);
  }

  int climit() {
    return FrameHeader.climit(first);
  }

  public int sid() {
    return FrameHeader.sid(second);
  }

  public int mid() {
    return FrameHeader.mid(second);
  }

  /// Whether nothing more follows from the peer on this stream.
  public boolean isEnd() {
    return (flags() & FrameHeader.END) != 0;
  }

  /// Whether the message goes on in the next frame.
  public boolean hasMore() {
    return (flags() & FrameHeader.MORE) != 0;
  }

  /// Whether no reply is wanted. Whether it is a call, or a part of one.
  boolean isOfCall() {
    return type == FrameType.MSG && mid() != 0 && !isOneWay();
  }

  public boolean isOneWay() {
    return (flags() & FrameHeader.ONEWAY) != 0;
  }

  boolean has(int field) {
    return (bitmap & field) != 0;
  }

  private int at(int field) {
    return index + FrameHeader.BYTES + FrameExt.offsetOf(field, bitmap);
  }

  /// Microseconds left to answer, 0 if none are; -1 without a deadline.
  public long deadlineMicros() {
    return has(FrameExt.DEADLINE) ? buffer.getUnsignedInt(at(FrameExt.DEADLINE)) : -1;
  }

  public boolean hasRoute() {
    return has(FrameExt.ROUTE);
  }

  /// The hash of the routing key; 0 without one.
  public long route() {
    return has(FrameExt.ROUTE) ? buffer.getLong(at(FrameExt.ROUTE)) : 0;
  }

  /// Bytes of the whole message as announced on its first frame; -1 when it was not. Negative
  /// values on the wire are refused before a handler sees them.
  long total() {
    return has(FrameExt.TOTAL) ? buffer.getLong(at(FrameExt.TOTAL)) : -1;
  }

  /// The trace that the frame belongs to, decoded anew; empty without one.
  public Optional<WireTrace> trace() {
    if (!has(FrameExt.TRACE)) {
      return Optional.empty();
    }
    int at = at(FrameExt.TRACE);
    return Optional.of(
        new WireTrace(
            buffer.getLong(at),
            buffer.getLong(at + 8),
            buffer.getLong(at + 16),
            buffer.getByte(at + 24)));
  }

  int slimit() {
    return buffer.getInt(at(FrameExt.SLIMIT));
  }

  /// Puts another stream's limit where the block holds one, since credit is between neighbours.
  void setSlimit(long limit) {
    if (has(FrameExt.SLIMIT)) {
      buffer.setInt(at(FrameExt.SLIMIT), (int) (limit >>> CreditCode.SLIMIT_UNIT_SHIFT));
    }
  }

  boolean hasSlimit() {
    return has(FrameExt.SLIMIT);
  }

  /// Where extension block and body begin in [#buffer].
  int payloadIndex() {
    return index + FrameHeader.BYTES;
  }

  /// The status bits of the frame; 0 (OK) without them.
  int statusBits() {
    return has(FrameExt.STATUS) ? buffer.getUnsignedShort(at(FrameExt.STATUS)) : 0;
  }

  private int metaBytes() {
    return has(FrameExt.META) ? buffer.getUnsignedShort(at(FrameExt.META)) : 0;
  }

  /// The metadata of the frame, decoded anew.
  ///
  /// @throws WeirException MALFORMED when it cannot be decoded
  public Metadata metadata() {
    return has(FrameExt.META)
        ? Metadata.decode(buffer, at(FrameExt.META) + 2, metaBytes())
        : Metadata.EMPTY;
  }

  /// The buffer that holds the frame, borrowed: read it by index, do not move its indices.
  public ByteBuf buffer() {
    return buffer;
  }

  /// Where the body begins in [#buffer].
  public int bodyIndex() {
    return index + FrameHeader.BYTES + extBytes;
  }

  public int bodyBytes() {
    return len() - extBytes - trailerBytes;
  }

  /// The body as a slice with a reference of its own, which the caller releases.
  public ByteBuf retainedBody() {
    return buffer.retainedSlice(bodyIndex(), bodyBytes());
  }

  /// The whole frame, header and all, as a slice with a reference of its own.
  public ByteBuf retainedFrame() {
    return buffer.retainedSlice(index, FrameHeader.BYTES + len());
  }

  /// The byte of the body at an index in `[0, bodyBytes())`.
  public byte bodyByte(int at) {
    return buffer.getByte(bodyIndex() + Checks.index("at", at, bodyBytes()));
  }
}
